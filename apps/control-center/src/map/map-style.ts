/** The layers of the map, lowest first, and their colours. Labels are drawn by the browser: no `glyphs` URL. */
import type { FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import { type MapColours, mixColours } from './colours.ts';

/** The first name only tells the engine the weight; the second is the font. */
const FONT = ['Medium', 'Inter Variable'];
const FONT_STRONG = ['SemiBold', 'Inter Variable'];

const IS_PATH: FilterSpecification = ['==', ['get', 'kind'], 'path'];

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Ids of the sources that are filled while the map lives. */
export type SourceId =
  | 'land'
  | 'borders'
  | 'cities'
  | 'graticule'
  | 'fences'
  | 'fence-labels'
  | 'trail'
  | 'trail-tip'
  | 'marks'
  | 'selection'
  | 'accuracy';

/** Everything that depends on the theme, as `[layer, property, value]`. */
export function themedPaint(
  c: MapColours,
): readonly (readonly [layer: string, property: string, value: unknown])[] {
  const old = mixColours(c.accent, c['m-land'], 0.35);
  const shade = ['interpolate', ['linear'], ['get', 'shade'], 0, old, 1, c.accent];
  return [
    ['water', 'background-color', c['m-water']],
    ['land', 'fill-color', c['m-land']],
    ['coast', 'line-color', mixColours(c['m-water'], c['m-label'], 0.75)],
    ['borders', 'line-color', c['m-border']],
    ['graticule', 'line-color', c['m-label']],
    ['graticule-labels', 'text-color', c['m-label']],
    ['graticule-labels', 'text-halo-color', c['m-halo']],
    ['city-dots', 'circle-color', c['m-label']],
    ['city-dots', 'circle-stroke-color', c['m-halo']],
    ['cities', 'text-color', c['m-label']],
    ['cities', 'text-halo-color', c['m-halo']],
    ['fence-fill', 'fill-color', c.info],
    ['fence-corridor', 'line-color', c.info],
    ['fence-line', 'line-color', c.info],
    ['fence-names', 'text-color', c.info],
    ['trail-case', 'line-color', c['m-halo']],
    ['trail-tip-case', 'line-color', c['m-halo']],
    ['trail-tip-gap', 'line-color', c.accent],
    ['trail-tip', 'line-color', c.accent],
    ['trail-gap', 'line-color', shade],
    ['trail', 'line-color', shade],
    ['trail-stops', 'text-color', c['ink-2']],
    ['trail-stops', 'text-halo-color', c['m-halo']],
    ['accuracy', 'fill-color', c.accent],
    ['selection-halo', 'circle-color', c.accent],
    ['clusters', 'text-color', c.ink],
    ['alert-halo-wide', 'circle-color', c.critical],
    ['alert-halo', 'circle-color', c.critical],
    ['alert-labels', 'text-color', c['on-critical']],
    ['selection-name', 'text-color', c.ink],
  ];
}

function baseLayers(): LayerSpecification[] {
  return [
    { id: 'water', type: 'background' },
    { id: 'land', type: 'fill', source: 'land' },
    {
      id: 'coast',
      type: 'line',
      source: 'borders',
      filter: ['==', ['get', 'kind'], 'coast'],
      paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.4, 10, 1.2] },
    },
    {
      id: 'borders',
      type: 'line',
      source: 'borders',
      filter: ['==', ['get', 'kind'], 'border'],
      layout: { 'line-join': 'round' },
      paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.6, 8, 1.6] },
    },
    {
      id: 'graticule',
      type: 'line',
      source: 'graticule',
      paint: { 'line-width': 1, 'line-opacity': 0.22 },
    },
  ];
}

function labelLayers(): LayerSpecification[] {
  return [
    {
      id: 'graticule-labels',
      type: 'symbol',
      source: 'graticule',
      minzoom: 3,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': ['get', 'label'],
        'text-font': FONT,
        'text-size': 10,
        'text-padding': 24,
      },
      paint: { 'text-halo-width': 1.5 },
    },
    {
      id: 'city-dots',
      type: 'circle',
      source: 'cities',
      minzoom: 6,
      filter: ['>=', ['zoom'], ['get', 'dotZoom']],
      paint: { 'circle-radius': 2.25, 'circle-stroke-width': 1.25 },
    },
    {
      id: 'cities',
      type: 'symbol',
      source: 'cities',
      filter: ['>=', ['zoom'], ['get', 'zoom']],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          3,
          ['interpolate', ['linear'], ['get', 'population'], 100, 10.5, 10_000, 13],
          11,
          ['interpolate', ['linear'], ['get', 'population'], 15, 11.5, 100, 13, 300, 16, 1000, 18],
        ],
        'text-max-width': 8,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 0.5,
        'text-padding': 6,
        'symbol-sort-key': ['-', ['get', 'population']],
      },
      paint: { 'text-halo-width': 1.5 },
    },
  ];
}

function fenceLayers(): LayerSpecification[] {
  return [
    {
      id: 'fence-fill',
      type: 'fill',
      source: 'fences',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-opacity': 0.1 },
    },
    {
      id: 'fence-corridor',
      type: 'line',
      source: 'fences',
      filter: ['>', ['get', 'width'], 0],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
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
    { id: 'fence-line', type: 'line', source: 'fences', paint: { 'line-width': 1.5 } },
  ];
}

/** What the lines of a way are drawn from: its tip has a source of its own. */
type WaySource = 'trail' | 'trail-tip';
const WAYS: readonly WaySource[] = ['trail-tip', 'trail'];

function wayCase(source: WaySource): LayerSpecification {
  return {
    id: `${source}-case`,
    type: 'line',
    source,
    filter: IS_PATH,
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-width': 7, 'line-opacity': 0.9 },
  };
}

function wayGap(source: WaySource): LayerSpecification {
  return {
    id: `${source}-gap`,
    type: 'line',
    source,
    filter: ['==', ['get', 'kind'], 'gap'],
    paint: { 'line-width': 2.5, 'line-dasharray': [0.6, 2] },
  };
}

function wayLine(source: WaySource): LayerSpecification {
  return {
    id: source,
    type: 'line',
    source,
    filter: ['==', ['get', 'kind'], 'way'],
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-width': 3.5 },
  };
}

function trailLayers(): LayerSpecification[] {
  return [
    ...WAYS.map(wayCase),
    ...WAYS.map(wayGap),
    ...WAYS.map(wayLine),
    {
      id: 'trail-arrows',
      type: 'symbol',
      source: 'trail',
      filter: IS_PATH,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 90,
        'icon-image': 'arrow',
        'icon-ignore-placement': true,
        'icon-padding': 20,
      },
    },
    {
      id: 'trail-stops',
      type: 'symbol',
      source: 'trail',
      filter: ['in', ['get', 'kind'], ['literal', ['start', 'stop']]],
      layout: {
        'icon-image': 'stop',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': ['get', 'time'],
        'text-font': FONT_STRONG,
        'text-size': 11,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 0.9,
        'text-optional': true,
      },
      paint: { 'text-halo-width': 1.75 },
    },
  ];
}

/** Names of places give way to marks: they move aside or go, they are never half covered. */
function fenceNames(): LayerSpecification {
  return {
    id: 'fence-names',
    type: 'symbol',
    source: 'fence-labels',
    layout: {
      'icon-image': 'chip',
      'icon-text-fit': 'both',
      'text-field': ['get', 'name'],
      'text-font': FONT_STRONG,
      'text-size': 11,
      'text-max-width': 14,
      'text-padding': 0,
      'icon-padding': 0,
      // outside above first, then beside, at last inside below the outline; clear of a mark on the corner
      'text-variable-anchor-offset': [
        'bottom',
        [0, -1.2],
        'bottom-left',
        [1, -1.2],
        'bottom-right',
        [-1, -1.2],
        'left',
        [2.4, 0],
        'right',
        [-2.4, 0],
        'top',
        [0, 2.6],
        // a place among many marks: further away, though never where it could be the name of a neighbour
        'bottom',
        [0, -2.8],
        'top',
        [0, 4.4],
      ],
    },
  };
}

function markLayers(): LayerSpecification[] {
  return [
    {
      id: 'clusters',
      type: 'symbol',
      source: 'marks',
      filter: ['==', ['get', 'kind'], 'cluster'],
      layout: {
        'icon-image': ['get', 'image'],
        'icon-allow-overlap': true,
        'icon-padding': 0,
        'icon-size': ['step', ['get', 'order'], 0.8, 10, 0.9, 100, 1.1],
        'text-field': ['get', 'count'],
        'text-font': FONT_STRONG,
        'text-size': 12,
        'text-allow-overlap': true,
        'symbol-sort-key': ['get', 'order'],
      },
    },
    {
      id: 'marks',
      type: 'symbol',
      source: 'marks',
      filter: ['==', ['get', 'kind'], 'tracker'],
      layout: {
        'icon-image': ['get', 'image'],
        'icon-rotate': ['get', 'heading'],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-padding': 0,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 3, 0.8, 9, 1],
        'symbol-sort-key': ['get', 'order'],
      },
    },
  ];
}

/** Above all other marks. The rings of a critical one stand still: what pulses is in alert-pulse.ts. */
function alertLayers(): LayerSpecification[] {
  const isCritical: FilterSpecification = ['get', 'isCritical'];
  const halo = (id: string, radius: number, opacity: number): LayerSpecification => ({
    id,
    type: 'circle',
    source: 'marks',
    filter: isCritical,
    paint: { 'circle-radius': radius, 'circle-opacity': opacity },
  });
  return [
    halo('alert-halo-wide', 34, 0.12),
    halo('alert-halo', 22, 0.18),
    {
      id: 'alerts',
      type: 'symbol',
      source: 'marks',
      filter: ['==', ['get', 'kind'], 'alert'],
      layout: {
        'icon-image': ['get', 'image'],
        'icon-size': ['case', isCritical, 1.2, 1],
        'icon-allow-overlap': true,
        'icon-padding': 0,
        'symbol-sort-key': ['get', 'order'],
      },
    },
  ];
}

/** What a critical alert is and who has it: read before any name. */
function alertLabels(): LayerSpecification {
  return {
    id: 'alert-labels',
    type: 'symbol',
    source: 'marks',
    filter: ['get', 'isCritical'],
    layout: {
      'icon-image': 'critical-chip',
      'icon-text-fit': 'both',
      'icon-text-fit-padding': [1, 3, 1, 3],
      'icon-allow-overlap': true,
      'text-field': ['get', 'label'],
      'text-font': FONT_STRONG,
      'text-size': 12,
      'text-max-width': 16,
      'text-anchor': 'left',
      'text-offset': [1.9, 0],
      'text-allow-overlap': true,
    },
  };
}

function selectionLayers(): LayerSpecification[] {
  return [
    {
      id: 'accuracy',
      type: 'fill',
      source: 'accuracy',
      filter: ['>=', ['zoom'], ['get', 'minZoom']],
      paint: { 'fill-opacity': 0.14 },
    },
    {
      id: 'selection-halo',
      type: 'circle',
      source: 'selection',
      paint: { 'circle-radius': 21, 'circle-opacity': 0.16 },
    },
    {
      id: 'selection',
      type: 'symbol',
      source: 'selection',
      layout: {
        'icon-image': ['get', 'image'],
        'icon-rotate': ['get', 'heading'],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
      },
    },
    {
      id: 'selection-name',
      type: 'symbol',
      source: 'selection',
      layout: {
        'icon-image': 'chip',
        'icon-text-fit': 'both',
        'icon-allow-overlap': true,
        'text-field': ['get', 'name'],
        'text-font': FONT_STRONG,
        'text-size': 12,
        'text-anchor': 'bottom',
        'text-offset': [0, -2.4],
        'text-allow-overlap': true,
      },
    },
  ];
}

/** The whole style for a theme. Sources start empty and are filled as data arrives. */
export function buildMapStyle(colours: MapColours): StyleSpecification {
  const layers = [
    ...baseLayers(),
    ...labelLayers(),
    ...fenceLayers(),
    ...trailLayers(),
    fenceNames(),
    ...markLayers(),
    ...alertLayers(),
    ...selectionLayers(),
    alertLabels(),
  ];
  for (const [layerId, property, value] of themedPaint(colours)) {
    const layer = layers.find(({ id }) => id === layerId);
    // the table of colours names properties of that very layer
    if (layer !== undefined) layer.paint = { ...layer.paint, [property]: value } as never;
  }
  const empty = { type: 'geojson' as const, data: EMPTY };
  const sources: Record<SourceId, StyleSpecification['sources'][string]> = {
    land: { ...empty, maxzoom: 9, tolerance: 0.3 },
    borders: { ...empty, maxzoom: 9, tolerance: 0.3 },
    cities: { ...empty, maxzoom: 9 },
    graticule: empty,
    fences: empty,
    'fence-labels': empty,
    trail: { ...empty, tolerance: 0.2 },
    'trail-tip': { ...empty, tolerance: 0.2 },
    // the worker leaves out what is beyond the view: tiles need no more of it than what they cut through
    marks: { ...empty, maxzoom: 18, buffer: 64, tolerance: 0 },
    selection: empty,
    accuracy: empty,
  };
  return { version: 8, sources, layers };
}
