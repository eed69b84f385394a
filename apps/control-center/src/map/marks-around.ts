import type { Map as MapLibreMap, MapGeoJSONFeature, PointLike } from 'maplibre-gl';

/** A finger's width around a click. */
const CLICK_RADIUS_PX = 12;
const LAYERS = ['selection', 'alerts', 'marks', 'clusters'];

/** The marks of trackers and clusters within a finger's width, the one on top first. */
export function marksAround(
  map: MapLibreMap,
  { x, y }: { readonly x: number; readonly y: number },
): readonly MapGeoJSONFeature[] {
  const box: [PointLike, PointLike] = [
    [x - CLICK_RADIUS_PX, y - CLICK_RADIUS_PX],
    [x + CLICK_RADIUS_PX, y + CLICK_RADIUS_PX],
  ];
  return map.queryRenderedFeatures(box, { layers: LAYERS });
}
