/** The draft on the map: its shape, the line that follows the pointer, its handles, and where it is wrong. */
import type { Feature, Geometry } from 'geojson';
import type { GeoJSONSource, LayerSpecification, Map as MapLibreMap } from 'maplibre-gl';
import { watchTheme } from '../browser/theme.ts';
import { type MapColours, readMapColours } from '../map/colours.ts';
import { pixelsPerMetreAtZoom0 } from '../map/scale.ts';
import { circleRing, distanceM, type LonLat } from '../places/sphere.ts';
import { cornersOf, type Draft, midpointsOf } from './draft.ts';
import type { Drawing } from './drawing.ts';

const SOURCES = ['draft-shape', 'draft-handles'] as const;
/** With more corners, middles would cover the line. */
const MAX_MIDPOINTS = 300;

const kind = (name: string) => ['==', ['get', 'kind'], name] as ['==', ['get', string], string];

function shapeLayers(c: MapColours): LayerSpecification[] {
  const shape = 'draft-shape';
  return [
    {
      id: 'draft-fill',
      type: 'fill',
      source: shape,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': c.accent, 'fill-opacity': 0.14 },
    },
    {
      id: 'draft-corridor',
      type: 'line',
      source: shape,
      filter: kind('corridor'),
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': c.accent,
        'line-opacity': 0.14,
        // a width in metres: doubles with every zoom
        'line-width': [
          'interpolate',
          ['exponential', 2],
          ['zoom'],
          0,
          ['get', 'width'],
          22,
          ['*', ['get', 'width'], 2 ** 22],
        ],
      },
    },
    {
      id: 'draft-line',
      type: 'line',
      source: shape,
      filter: ['!', kind('next')],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': c.accent, 'line-width': 2.25 },
    },
    {
      id: 'draft-next',
      type: 'line',
      source: shape,
      filter: kind('next'),
      paint: { 'line-color': c.accent, 'line-width': 1.5, 'line-dasharray': [2, 2] },
    },
  ];
}

function handleLayers(c: MapColours): LayerSpecification[] {
  const handles = 'draft-handles';
  return [
    {
      id: 'draft-middles',
      type: 'circle',
      source: handles,
      filter: kind('middle'),
      paint: {
        'circle-radius': 3.5,
        'circle-color': c['m-halo'],
        'circle-stroke-color': c.accent,
        'circle-stroke-width': 1.25,
      },
    },
    {
      id: 'draft-glow',
      type: 'circle',
      source: handles,
      filter: kind('active'),
      paint: { 'circle-radius': 15, 'circle-color': c.accent, 'circle-opacity': 0.25 },
    },
    {
      id: 'draft-corners',
      type: 'circle',
      source: handles,
      filter: ['any', kind('corner'), kind('active')],
      paint: {
        'circle-radius': ['case', kind('active'), 7, 6],
        'circle-color': ['case', kind('active'), c.accent, c['m-halo']],
        'circle-stroke-color': ['case', kind('active'), c['m-halo'], c.accent],
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'draft-wrong',
      type: 'circle',
      source: handles,
      filter: kind('wrong'),
      paint: {
        'circle-radius': 13,
        'circle-opacity': 0,
        'circle-stroke-color': c.critical,
        'circle-stroke-width': 3,
      },
    },
  ];
}

/** The layers in the colours of the theme in force, lowest first. */
function layersIn(): LayerSpecification[] {
  const colours = readMapColours();
  return [...shapeLayers(colours), ...handleLayers(colours)];
}

const feature = (name: string, geometry: Geometry, width = 0): Feature => ({
  type: 'Feature',
  geometry,
  properties: { kind: name, width },
});
const points = (line: readonly LonLat[]): number[][] => line.map(([lon, lat]) => [lon, lat]);
const closed = (ring: readonly LonLat[]): number[][] => points([...ring, ...ring.slice(0, 1)]);

/** Nothing jumps once around the earth: each corner is taken on the side of the one before. */
function unrolled(line: readonly LonLat[]): LonLat[] {
  let before = line[0]?.[0] ?? 0;
  return line.map(([lon, lat]) => {
    const near = lon + 360 * Math.round((before - lon) / 360);
    before = near;
    return [near, lat];
  });
}

function shapeFeatures(draft: Draft, isOpen: boolean): Feature[] {
  switch (draft.kind) {
    case 'circle':
      return [
        feature('area', {
          type: 'Polygon',
          coordinates: [circleRing(draft.centre, draft.radiusM)],
        }),
      ];
    case 'corridor': {
      const coordinates = points(unrolled(draft.line));
      if (coordinates.length < 2) return [];
      const width = draft.widthM * pixelsPerMetreAtZoom0(draft.line[0]?.[1] ?? 0);
      return [feature('corridor', { type: 'LineString', coordinates }, width)];
    }
    case 'area': {
      const [[first = []] = []] = draft.polygons;
      if (isOpen)
        return [feature('line', { type: 'LineString', coordinates: points(unrolled(first)) })];
      return draft.polygons.map((rings) =>
        feature('area', {
          type: 'Polygon',
          coordinates: rings.map((ring) => closed(unrolled(ring))),
        }),
      );
    }
  }
}

/** From the last corner to where the next one would be; of a circle its edge there. */
function nextFeatures(draft: Draft, pointer: LonLat | null): Feature[] {
  const from = draft.kind === 'circle' ? draft.centre : cornersOf(draft).at(-1);
  if (pointer === null || from === undefined) return [];
  if (draft.kind === 'circle') {
    // the circle as it would be, with its radius
    const ring = circleRing(from, distanceM(from, pointer));
    const radius = points(unrolled([from, pointer]));
    return [feature('next', { type: 'MultiLineString', coordinates: [ring, radius] })];
  }
  return [feature('next', { type: 'LineString', coordinates: points(unrolled([from, pointer])) })];
}

function handleFeatures({ draft, isOpen, active }: Drawing, wrong: LonLat | null): Feature[] {
  if (draft === null) return [];
  const corners = cornersOf(draft);
  const point = ([lon, lat]: LonLat): Geometry => ({ type: 'Point', coordinates: [lon, lat] });
  const middles = corners.length > MAX_MIDPOINTS ? [] : midpointsOf(draft, isOpen);
  return [
    ...(isOpen ? [] : middles.map(({ at }) => feature('middle', point(at)))),
    ...corners.map((at, i) => feature(i === active ? 'active' : 'corner', point(at))),
    ...(wrong === null ? [] : [feature('wrong', point(wrong))]),
  ];
}

/** What of a drawing is to be seen. */
export interface DraftView {
  readonly drawing: Drawing;
  /** Where the pointer or the crosshair is; null is nowhere. */
  readonly pointer: LonLat | null;
  /** Where the shape is wrong. */
  readonly wrong: LonLat | null;
}

/** Puts the draft above all else; `remove` leaves the map as it was. */
export function createDraftLayer(map: MapLibreMap) {
  const put = (id: (typeof SOURCES)[number], features: Feature[]): void => {
    void map.getSource<GeoJSONSource>(id)?.setData({ type: 'FeatureCollection', features });
  };
  const removeLayers = (): void => {
    for (const { id } of layersIn()) if (map.getLayer(id) !== undefined) map.removeLayer(id);
  };
  const addLayers = (): void => {
    for (const layer of layersIn()) map.addLayer(layer);
  };
  for (const id of SOURCES) {
    map.addSource(id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  }
  addLayers();
  const stopTheme = watchTheme(() => {
    removeLayers();
    addLayers();
  });
  return {
    show({ drawing, pointer, wrong }: DraftView): void {
      const { draft, isOpen } = drawing;
      const shape = draft === null ? [] : shapeFeatures(draft, isOpen);
      const next = draft === null || !isOpen ? [] : nextFeatures(draft, pointer);
      put('draft-shape', [...shape, ...next]);
      put('draft-handles', handleFeatures(drawing, wrong));
    },
    remove(): void {
      stopTheme();
      removeLayers();
      for (const id of SOURCES) if (map.getSource(id) !== undefined) map.removeSource(id);
    },
  };
}
