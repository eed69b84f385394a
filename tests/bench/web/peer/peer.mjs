/**
 * The peer of the bench: the same map engine with 50,000 clustered points, and once a second either all of them again
 * (`?mode=setData`, what other control centers do) or a delta of a share of them (`?mode=updateData&share=0.1`).
 * Nothing else happens on this page: no socket, no list, no parsing.
 */
// served by the bench, not a file beside this one
const { Map: MapLibreMap, setWorkerUrl } = await import('/maplibre-gl.mjs');

setWorkerUrl('/maplibre-gl-worker.mjs');
const query = new URLSearchParams(location.search);
const size = Number(query.get('size'));
const share = Number(query.get('share') ?? 1);
let seed = 42;
const random = () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};
const features = Array.from({ length: size }, (_, id) => ({
  type: 'Feature',
  id: id + 1,
  geometry: { type: 'Point', coordinates: [3.6 + random() * 3.4, 50.9 + random() * 2.4] },
  properties: { image: 'moving', order: id % 3, heading: 0 },
}));
const empty = { type: 'FeatureCollection', features: [] };
const map = new MapLibreMap({
  container: 'map',
  center: [5.2, 52.1],
  zoom: 6.5,
  fadeDuration: 0,
  style: {
    version: 8,
    sources: {
      marks: {
        type: 'geojson',
        data: empty,
        cluster: true,
        clusterRadius: 30,
        clusterMinPoints: 3,
        clusterMaxZoom: 15,
      },
    },
    layers: [
      { id: 'water', type: 'background', paint: { 'background-color': '#dde' } },
      { id: 'marks', type: 'circle', source: 'marks', paint: { 'circle-radius': 6 } },
    ],
  },
});
await map.once('load');
const source = map.getSource('marks');
await source.setData({ type: 'FeatureCollection', features });
document.body.dataset.ready = 'true';

let turn = 0;
function move() {
  const moved = [];
  for (let i = 0; i < size * share; i += 1) {
    turn = (turn + 7_919) % size;
    const feature = features[turn];
    feature.geometry = {
      type: 'Point',
      coordinates: feature.geometry.coordinates.map((v) => v + (random() - 0.5) * 0.001),
    };
    moved.push(feature);
  }
  return moved;
}
setInterval(() => {
  if (query.get('mode') === 'none') return;
  const moved = move();
  if (query.get('mode') === 'setData') source.setData({ type: 'FeatureCollection', features });
  else
    source.updateData({ update: moved.map(({ id, geometry }) => ({ id, newGeometry: geometry })) });
}, 1_000);
