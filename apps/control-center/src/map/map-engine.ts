/**
 * The live map, outside React: it listens to the store itself, sends the engine deltas at most twice a second
 * and tells who is interested what is drawn and what was clicked.
 */
import {
  type GeoJSONSource,
  Map as MapLibreMap,
  type MapMouseEvent,
  setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { FenceReply } from '@followme/contracts';
import type { Feature } from 'geojson';
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import { watchTheme } from '../browser/theme.ts';
import { formatClock } from '../format/relative-time.ts';
import type { LiveStore } from '../live/live-store.ts';
import type { LiveTracker } from '../live/live-tracker.ts';
import type { City } from '../places/places.ts';
import { circleRing } from '../places/sphere.ts';
import { cityFeatures, loadBaseMap } from './base-map.ts';
import { readMapColours } from './colours.ts';
import { fenceFeatures } from './fences.ts';
import { graticule } from './graticule.ts';
import { installMarkImages } from './mark-images.ts';
import { diffMarks, isEmptyDiff, type MarkFeature } from './mark-diff.ts';
import { buildMapStyle, type SourceId, themedPaint } from './map-style.ts';
import { scaleFor, type Scale } from './scale.ts';
import { trailFeatures, type TrailPoint } from './trail.ts';

setWorkerUrl(workerUrl);

/** How much of the map is covered by floating panels, in pixels. */
export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface MapEvents {
  readonly onSelect: (trackerId: number | null) => void;
  readonly onMarks: (count: number) => void;
  readonly onScale: (scale: Scale) => void;
  /** Coasts and borders are drawn, or could not be loaded. */
  readonly onBase: (outcome: 'drawn' | 'failed') => void;
  /** A person moved the map: following ends. */
  readonly onPan: () => void;
}

export interface MapEngineDeps {
  readonly container: HTMLElement;
  readonly clock: BrowserClock;
  readonly store: LiveStore;
  readonly padding: () => Padding;
  readonly events: MapEvents;
}

export interface MapEngine {
  setVisible(isVisible: (tracker: LiveTracker) => boolean): void;
  select(trackerId: number | null): void;
  /** Keeps the selection in the middle. */
  follow(on: boolean): void;
  /** Moves to the selection. */
  showSelection(): void;
  setFences(fences: readonly FenceReply[]): void;
  setTrail(points: readonly TrailPoint[], accuracyM: number | null): void;
  setCities(cities: readonly City[]): void;
  zoomBy(levels: number): void;
  fitAll(): void;
  destroy(): void;
}

const MARKS_PERIOD_MS = 500;
const GLIDE_MS = 900;
const SCALE_MAX_PX = 96;
const SELECTED_ZOOM = 12;
const MAX_FIT_ZOOM = 13;
const CLICK_RADIUS_PX = 12;
/** Kept free around what is fitted into view. */
const FIT_AIR_PX = 36;
/** A selection closer than this to an edge or a panel is moved into sight. */
const REVEAL_AIR_PX = 48;

function prefersReducedMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

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
    fadeDuration: prefersReducedMotion() ? 0 : 200,
    locale: { 'Map.Title': '' },
  });
}

function sourceOf(map: MapLibreMap, id: SourceId): GeoJSONSource | undefined {
  return map.getSource<GeoJSONSource>(id);
}

function setFeatures(map: MapLibreMap, id: SourceId, features: readonly Feature[]): void {
  void sourceOf(map, id)?.setData({ type: 'FeatureCollection', features: [...features] });
}

/** Sends marks to the engine, at most one delta at a time and two a second. */
function createMarkLayer(map: MapLibreMap, deps: MapEngineDeps) {
  const { clock, store, events } = deps;
  const drawn = new Map<number, LiveTracker>();
  let pending = new Set<number>(store.snapshot().trackers.keys());
  let isVisible: (tracker: LiveTracker) => boolean = () => true;
  let cancelTimer: CancelTimer | null = null;
  let sending = false;

  async function send(): Promise<void> {
    if (sending || pending.size === 0) return;
    const candidates = pending;
    pending = new Set();
    const { trackers } = store.snapshot();
    const diff = diffMarks({ candidates, trackers, isVisible, drawn });
    const source = sourceOf(map, 'marks');
    if (isEmptyDiff(diff) || source === undefined) return;
    sending = true;
    try {
      await source.updateData({
        remove: [...diff.remove],
        add: diff.add.map((feature) => feature),
        update: diff.update.map(toFeatureUpdate),
      });
    } finally {
      sending = false;
    }
    events.onMarks(drawn.size);
  }

  function schedule(): void {
    cancelTimer ??= clock.after(MARKS_PERIOD_MS, () => {
      cancelTimer = null;
      void send().then(() => {
        if (pending.size > 0) schedule();
      });
    });
  }

  const unsubscribe = store.subscribeChanges((changed) => {
    for (const trackerId of changed) pending.add(trackerId);
    schedule();
  });
  void send();

  return {
    drawn,
    setVisible(next: (tracker: LiveTracker) => boolean): void {
      isVisible = next;
      pending = new Set([...store.snapshot().trackers.keys(), ...drawn.keys()]);
      void send();
      if (pending.size > 0) schedule();
    },
    stop(): void {
      unsubscribe();
      cancelTimer?.();
    },
  };
}

function toFeatureUpdate(feature: MarkFeature) {
  const { image, heading, order } = feature.properties;
  return {
    id: feature.id,
    newGeometry: feature.geometry,
    addOrUpdateProperties: [
      { key: 'image', value: image },
      { key: 'heading', value: heading },
      { key: 'order', value: order },
    ],
  };
}

/** Draws the selected tracker large, gliding from fix to fix. */
function createSelectionLayer(map: MapLibreMap, deps: MapEngineDeps) {
  const { clock, store, padding } = deps;
  let selectedId: number | null = null;
  let following = false;
  let shown: LiveTracker | null = null;
  let at: [number, number] | null = null;
  let cancelGlide: CancelTimer = () => undefined;

  function draw(tracker: LiveTracker, position: [number, number]): void {
    at = position;
    const heading = tracker.state === 'moving' ? (tracker.fix?.headingDeg ?? null) : null;
    setFeatures(map, 'selection', [
      {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: position },
        properties: {
          image: heading === null ? 'selected-disc' : 'selected',
          heading: heading ?? 0,
          name: tracker.name,
        },
      },
    ]);
  }

  function glide(tracker: LiveTracker, to: [number, number]): void {
    cancelGlide();
    const from = at;
    if (from === null || prefersReducedMotion()) return draw(tracker, to);
    const startMs = clock.nowMs();
    const step = (): void => {
      const share = Math.min(1, (clock.nowMs() - startMs) / GLIDE_MS);
      draw(tracker, [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
      if (share < 1) cancelGlide = clock.nextFrame(step);
    };
    step();
  }

  function update(): void {
    const tracker = selectedId === null ? undefined : store.snapshot().trackers.get(selectedId);
    if (tracker === undefined || tracker.fix === null) {
      if (at !== null) setFeatures(map, 'selection', []);
      at = null;
      shown = null;
      return;
    }
    if (tracker === shown) return;
    const sameThing = shown?.trackerId === tracker.trackerId;
    shown = tracker;
    const { lon, lat } = tracker.fix;
    if (sameThing) glide(tracker, [lon, lat]);
    else {
      cancelGlide();
      draw(tracker, [lon, lat]);
    }
    if (following && sameThing) map.easeTo({ center: [lon, lat], padding: { ...padding() } });
  }
  const unsubscribe = store.subscribe(update);

  /** Moves only when the selection is out of sight or under a panel: the map is not to jump. */
  function reveal(): void {
    const fix = shown?.fix ?? null;
    if (fix === null) return;
    const { x, y } = map.project([fix.lon, fix.lat]);
    const { clientWidth, clientHeight } = map.getContainer();
    const { top, right, bottom, left } = padding();
    const isInSight =
      x > left + REVEAL_AIR_PX &&
      x < clientWidth - right - REVEAL_AIR_PX &&
      y > top + REVEAL_AIR_PX &&
      y < clientHeight - bottom - REVEAL_AIR_PX;
    if (!isInSight) {
      map.easeTo({
        center: [fix.lon, fix.lat],
        padding: { ...padding() },
        duration: prefersReducedMotion() ? 0 : 500,
      });
    }
  }

  function show(): void {
    const fix = shown?.fix ?? null;
    if (fix === null) return;
    map.easeTo({
      center: [fix.lon, fix.lat],
      zoom: Math.max(map.getZoom(), SELECTED_ZOOM),
      padding: { ...padding() },
      duration: prefersReducedMotion() ? 0 : 500,
    });
  }

  return {
    show,
    reveal,
    select(trackerId: number | null): void {
      if (trackerId === selectedId) return;
      selectedId = trackerId;
      map.setFilter('marks', trackerId === null ? null : ['!=', ['id'], trackerId]);
      update();
    },
    /** True once the selection has a place. */
    isShown: () => shown !== null,
    follow(on: boolean): void {
      following = on;
      if (on) show();
    },
    stop(): void {
      unsubscribe();
      cancelGlide();
    },
  };
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
function watchClicks(map: MapLibreMap, events: MapEvents): void {
  const layers = ['marks', 'selection'];
  const around = ({ point }: MapMouseEvent) =>
    map.queryRenderedFeatures(
      [
        [point.x - CLICK_RADIUS_PX, point.y - CLICK_RADIUS_PX],
        [point.x + CLICK_RADIUS_PX, point.y + CLICK_RADIUS_PX],
      ],
      { layers },
    );
  map.on('click', (event) => {
    const features = around(event);
    if (features.some((feature) => feature.layer.id === 'selection')) return;
    const trackerId = features[0]?.id;
    events.onSelect(typeof trackerId === 'number' ? trackerId : null);
  });
  map.on('mousemove', (event) => {
    map.getCanvas().style.cursor = around(event).length > 0 ? 'pointer' : '';
  });
  map.on('dragstart', () => events.onPan());
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

function fitTrackers(map: MapLibreMap, trackers: Iterable<LiveTracker>, padding: Padding): boolean {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const { fix } of trackers) {
    if (fix === null) continue;
    west = Math.min(west, fix.lon);
    east = Math.max(east, fix.lon);
    south = Math.min(south, fix.lat);
    north = Math.max(north, fix.lat);
  }
  if (west > east) return false;
  const fits = roomyPadding(map, padding);
  map.fitBounds([west, south, east, north], {
    padding: fits,
    maxZoom: MAX_FIT_ZOOM,
    duration: 0,
  });
  return true;
}

/**
 * Starts a map in `container` and resolves when it can be drawn on.
 * @throws Error when the browser has no WebGL.
 */
export async function createMapEngine(deps: MapEngineDeps): Promise<MapEngine> {
  const { container, store, padding, events } = deps;
  const map = createMap(container);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  installMarkImages(map, readMapColours());
  await map.once('load');

  const stopTheme = watchTheme(() => {
    const colours = readMapColours();
    installMarkImages(map, colours);
    for (const [layer, property, value] of themedPaint(colours)) {
      map.setPaintProperty(layer, property as never, value as never); // names from our own table
    }
  });
  const marks = createMarkLayer(map, deps);
  const selection = createSelectionLayer(map, deps);
  watchView(map, events);
  watchClicks(map, events);
  loadBaseMap()
    .then(({ land, borders }) => {
      setFeatures(map, 'land', land.features);
      setFeatures(map, 'borders', borders.features);
      events.onBase('drawn');
    })
    .catch(() => events.onBase('failed'));

  let framed = false;
  function frameOnce(): void {
    if (framed) return;
    if (selection.isShown()) {
      framed = true;
      selection.show();
    } else framed = fitTrackers(map, store.snapshot().trackers.values(), padding());
  }
  const stopFraming = store.subscribe(frameOnce);

  return {
    setVisible: marks.setVisible,
    select(trackerId) {
      selection.select(trackerId);
      if (framed) selection.reveal();
      else frameOnce();
    },
    follow: selection.follow,
    showSelection: selection.show,
    setFences: (fences) => setFeatures(map, 'fences', fenceFeatures(fences)),
    setTrail(points, accuracyM) {
      setFeatures(map, 'trail', trailFeatures(points, formatClock));
      setFeatures(map, 'accuracy', accuracyFeatures(points.at(-1), accuracyM));
    },
    setCities: (cities) => setFeatures(map, 'cities', cityFeatures(cities).features),
    zoomBy: (levels) => map.zoomTo(map.getZoom() + levels),
    fitAll: () => fitTrackers(map, marks.drawn.values(), padding()),
    destroy() {
      stopTheme();
      stopFraming();
      marks.stop();
      selection.stop();
      map.remove();
    },
  };
}

function accuracyFeatures(point: TrailPoint | undefined, accuracyM: number | null): Feature[] {
  if (point === undefined || accuracyM === null || accuracyM <= 0) return [];
  const ring = circleRing([point.lon, point.lat], accuracyM);
  return [{ type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties: {} }];
}
