/**
 * The live map, outside React: it listens to the store itself, sends the engine deltas at most twice a second
 * and tells who is interested what is drawn and what was clicked.
 */
import { Map as MapLibreMap, type MapMouseEvent, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { FenceReply } from '@followme/contracts';
import { watchTheme } from '../browser/theme.ts';
import type { City } from '../places/places.ts';
import { type BaseMap, cityFeatures, loadBaseMap } from './base-map.ts';
import { readMapColours } from './colours.ts';
import { type Bounds, graticule } from './graticule.ts';
import { createFenceLayer } from './fence-layer.ts';
import { drawRingsOnDemand, installMarkImages, redrawRings } from './mark-images.ts';
import { type MapEngineDeps, type MapEvents, type Padding, setFeatures } from './map-parts.ts';
import { buildMapStyle, type SourceId, themedPaint } from './map-style.ts';
import { createMarkLayer } from './mark-layer.ts';
import { marksAround } from './marks-around.ts';
import { scaleFor } from './scale.ts';
import { createSelectionLayer } from './selection-layer.ts';
import type { GrowingTrail } from './trail-growth.ts';
import { createTrailLayer } from './trail-layer.ts';

setWorkerUrl(workerUrl);

/** What of the map others may put their hands on, for example to draw a place. All methods may be called any time. */
export interface MapEngine {
  /**
   * The engine below, ready to be drawn on: its style is loaded. Sources and layers that are added must be
   * taken away again; a change of theme keeps them, since it only repaints ours.
   */
  readonly map: MapLibreMap;
  /** While true, clicks on the map select nothing and the pointer keeps the form it is given. */
  setDrawing(isDrawing: boolean): void;
  /** Shows or hides all fences with their names. */
  setFencesVisible(isVisible: boolean): void;
  /** Draws the outline of one fence as the chosen one; null chooses none. */
  highlightFence(fenceId: number | null): void;
  /** Leaves one fence out, as while it is being drawn anew; null leaves none out. */
  hideFence(fenceId: number | null): void;
  /** Moves until the box is in sight between the panels. */
  fitBounds(bounds: Bounds): void;
  select(trackerId: number | null): void;
  /** Keeps the selection in the middle. */
  follow(on: boolean): void;
  /** Moves to the selection. */
  showSelection(): void;
  setFences(fences: readonly FenceReply[]): void;
  /** `points` and then `tip`; cheap as long as only the tip is another one. */
  setTrail(trail: Pick<GrowingTrail, 'points' | 'tip'>, accuracyM: number | null): void;
  setCities(cities: readonly City[]): void;
  zoomBy(levels: number): void;
  fitAll(): void;
  destroy(): void;
}

const SCALE_MAX_PX = 96;
const MAX_FIT_ZOOM = 13;
const MAX_PLACE_ZOOM = 17;
/** Kept free around what is fitted into view. */
const FIT_AIR_PX = 36;

function createMap(container: HTMLElement): MapLibreMap {
  return new MapLibreMap({
    container,
    style: buildMapStyle(readMapColours()),
    center: [5.2, 50.5],
    zoom: 3,
    minZoom: 1,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: true,
    // marks change every second: fading, they would never be quite there
    fadeDuration: 0,
    locale: { 'Map.Title': '' },
  });
}

/** Keeps graticule and scale bar right while the map moves. */
function watchView(map: MapLibreMap, events: MapEvents): void {
  function update(): void {
    const bounds = map.getBounds();
    const edges = {
      west: bounds.getWest(),
      south: bounds.getSouth(),
      east: bounds.getEast(),
      north: bounds.getNorth(),
    };
    setFeatures(map, 'graticule', graticule(edges, map.getZoom()));
    events.onScale(scaleFor(map.getZoom(), map.getCenter().lat, SCALE_MAX_PX));
  }
  map.on('moveend', update);
  map.on('resize', update);
  update();
}

/** Clicks within a finger's width of a mark select it; elsewhere they select nothing. */
function watchClicks(map: MapLibreMap, { store, events }: MapEngineDeps) {
  let isDrawing = false;
  const around = ({ point }: MapMouseEvent) => marksAround(map, point);
  map.on('click', (event) => {
    if (isDrawing) return;
    const features = around(event);
    if (features.some((feature) => feature.layer.id === 'selection')) return;
    const id = features[0]?.id;
    if (typeof id !== 'number') return events.onSelect(null);
    if (id > 0) return events.onSelect(id);
    void store.fetchMembers(id).then((members) => {
      // nobody is left when it came apart between the click and the answer
      if (members.total > 0) events.onCluster(members);
    });
  });
  map.on('mousemove', (event) => {
    if (isDrawing) return;
    map.getCanvas().style.cursor = around(event).length > 0 ? 'pointer' : '';
  });
  map.on('dragstart', () => events.onPan());
  return {
    setDrawing(next: boolean): void {
      isDrawing = next;
      map.getCanvas().style.cursor = '';
    },
  };
}

/** Calls `onDrawn` once all that is in sight of a source has been drawn. */
function whenDrawn(map: MapLibreMap, id: SourceId, onDrawn: () => void): void {
  const check = (): void => {
    if (!map.isSourceLoaded(id)) return;
    map.off('render', check);
    onDrawn();
  };
  map.on('render', check);
}

function showBaseMap(map: MapLibreMap, base: Promise<BaseMap>, events: MapEvents): void {
  base
    .then(({ land, borders }) => {
      setFeatures(map, 'land', land.features);
      setFeatures(map, 'borders', borders.features);
      whenDrawn(map, 'land', () => events.onBase('drawn'));
    })
    .catch(() => events.onBase('failed'));
}

/** Draws everything again in the colours of the theme in force. */
function applyTheme(map: MapLibreMap): void {
  const colours = readMapColours();
  installMarkImages(map, colours);
  redrawRings(map, colours);
  for (const [layer, property, value] of themedPaint(colours)) {
    map.setPaintProperty(layer, property as never, value as never); // names from our own table
  }
}

/** Padding with some air, unless that leaves nothing of a small map: then only a little of it. */
function roomyPadding(map: MapLibreMap, padding: Padding): Padding {
  const { clientWidth, clientHeight } = map.getContainer();
  const fits = {
    top: padding.top + FIT_AIR_PX,
    right: padding.right + FIT_AIR_PX,
    bottom: padding.bottom + FIT_AIR_PX,
    left: padding.left + FIT_AIR_PX,
  };
  const leaves = Math.min(
    clientWidth - fits.left - fits.right,
    clientHeight - fits.top - fits.bottom,
  );
  return leaves > FIT_AIR_PX ? fits : { top: 8, right: 8, bottom: 8, left: 8 };
}

interface Fit {
  readonly padding: Padding;
  /** A single point is shown no closer than this. */
  readonly maxZoom: number;
}

function fitBox(map: MapLibreMap, bounds: Bounds, { padding, maxZoom }: Fit): void {
  const { west, south, east, north } = bounds;
  map.fitBounds([west, south, east, north], {
    padding: roomyPadding(map, padding),
    maxZoom,
    duration: 0,
  });
}

/**
 * Starts a map in `container` and resolves when it can be drawn on.
 * @throws Error when the browser has no WebGL.
 */
export async function createMapEngine(deps: MapEngineDeps): Promise<MapEngine> {
  const { container, store, padding, events } = deps;
  // under way while the engine starts; what became of it is told below
  const base = loadBaseMap();
  base.catch(() => undefined);
  const map = createMap(container);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  installMarkImages(map, readMapColours());
  drawRingsOnDemand(map);
  await map.once('style.load');

  let framed = false;
  function fitAll(): boolean {
    const box = marks.box();
    if (box !== null) fitBox(map, box, { padding: padding(), maxZoom: MAX_FIT_ZOOM });
    return box !== null;
  }
  function frameOnce(): void {
    if (framed) return;
    if (selection.isShown()) {
      framed = true;
      selection.show();
    } else framed = fitAll();
  }

  const stopTheme = watchTheme(() => applyTheme(map));
  const selection = createSelectionLayer(map, deps);
  const marks = createMarkLayer(map, deps, frameOnce);
  watchView(map, events);
  const clicks = watchClicks(map, deps);
  const fences = createFenceLayer(map);
  showBaseMap(map, base, events);

  return {
    map,
    setDrawing: clicks.setDrawing,
    setFencesVisible: fences.setVisible,
    highlightFence: fences.highlight,
    hideFence: fences.hide,
    fitBounds: (bounds) => fitBox(map, bounds, { padding: padding(), maxZoom: MAX_PLACE_ZOOM }),
    select(trackerId) {
      selection.select(trackerId);
      store.select(trackerId);
      if (framed) selection.reveal();
      else frameOnce();
    },
    follow: selection.follow,
    showSelection: selection.show,
    setFences: fences.set,
    setTrail: createTrailLayer(map),
    setCities: (cities) => setFeatures(map, 'cities', cityFeatures(cities).features),
    zoomBy: (levels) => map.zoomTo(map.getZoom() + levels),
    fitAll: () => void fitAll(),
    destroy() {
      stopTheme();
      marks.stop();
      selection.stop();
      map.remove();
    },
  };
}
