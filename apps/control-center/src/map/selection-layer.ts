import type { Map as MapLibreMap } from 'maplibre-gl';
import type { CancelTimer } from '../browser/clock.ts';
import { mapName } from '../format/map-name.ts';
import type { LiveTracker } from '../live/live-tracker.ts';
import {
  type MapEngineDeps,
  type Padding,
  prefersReducedMotion,
  setFeatures,
} from './map-parts.ts';

const GLIDE_MS = 900;
/** Every step draws the whole map anew: one that nobody could see is left out. */
const GLIDE_STEP_PX = 1;
const SELECTED_ZOOM = 12;
/** A selection closer than this to an edge or a panel is moved into sight. */
const REVEAL_AIR_PX = 48;
const MOVE_MS = 500;

type Place = [lon: number, lat: number];

/** Puts the large mark on the map, at once or gliding there from where it is. */
function createSelectedMark(map: MapLibreMap, deps: MapEngineDeps) {
  const { clock } = deps;
  let at: Place | null = null;
  let cancelGlide: CancelTimer = () => undefined;

  function draw(tracker: LiveTracker, place: Place): void {
    at = place;
    const heading = tracker.state === 'moving' ? (tracker.fix?.headingDeg ?? null) : null;
    setFeatures(map, 'selection', [
      {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: place },
        properties: {
          image: heading === null ? 'selected-disc' : 'selected',
          heading: heading ?? 0,
          name: mapName(tracker.name),
        },
      },
    ]);
  }

  return {
    cancel: () => cancelGlide(),
    jump(tracker: LiveTracker, to: Place): void {
      cancelGlide();
      draw(tracker, to);
    },
    glide(tracker: LiveTracker, to: Place): void {
      cancelGlide();
      const from = at;
      if (from === null || prefersReducedMotion()) return draw(tracker, to);
      const startMs = clock.nowMs();
      const wayPx = map.project(from).dist(map.project(to));
      if (wayPx < GLIDE_STEP_PX) return draw(tracker, to);
      let drawnPx = 0;
      const step = (): void => {
        const share = Math.min(1, (clock.nowMs() - startMs) / GLIDE_MS);
        if (share === 1 || wayPx * share - drawnPx >= GLIDE_STEP_PX) {
          drawnPx = wayPx * share;
          draw(tracker, [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
        }
        if (share < 1) cancelGlide = clock.nextFrame(step);
      };
      step();
    },
    clear(): void {
      cancelGlide();
      if (at !== null) setFeatures(map, 'selection', []);
      at = null;
    },
  };
}

/** True when a place is neither out of sight nor under a panel. */
function isInSight(map: MapLibreMap, [lon, lat]: Place, padding: Padding): boolean {
  const { x, y } = map.project([lon, lat]);
  const { clientWidth, clientHeight } = map.getContainer();
  return (
    x > padding.left + REVEAL_AIR_PX &&
    x < clientWidth - padding.right - REVEAL_AIR_PX &&
    y > padding.top + REVEAL_AIR_PX &&
    y < clientHeight - padding.bottom - REVEAL_AIR_PX
  );
}

function placeOf(tracker: LiveTracker | null): Place | null {
  const fix = tracker?.fix ?? null;
  return fix === null ? null : [fix.lon, fix.lat];
}

/** Draws the selected tracker large, and moves the map to it when asked. */
export function createSelectionLayer(map: MapLibreMap, deps: MapEngineDeps) {
  const { store, padding } = deps;
  const mark = createSelectedMark(map, deps);
  let selectedId: number | null = null;
  let following = false;
  let shown: LiveTracker | null = null;

  function moveTo(center: Place, zoom: number): void {
    const duration = prefersReducedMotion() ? 0 : MOVE_MS;
    map.easeTo({ center, zoom, padding: { ...padding() }, duration });
  }

  function update(): void {
    const tracker = selectedId === null ? undefined : store.snapshot().trackers.get(selectedId);
    const place = placeOf(tracker ?? null);
    if (tracker === undefined || place === null) {
      mark.clear();
      shown = null;
      return;
    }
    if (tracker === shown) return;
    const isSame = shown?.trackerId === tracker.trackerId;
    shown = tracker;
    if (isSame) mark.glide(tracker, place);
    else mark.jump(tracker, place);
    if (following && isSame) moveTo(place, map.getZoom());
  }
  const unsubscribe = store.subscribe(update);

  function show(): void {
    const place = placeOf(shown);
    if (place !== null) moveTo(place, Math.max(map.getZoom(), SELECTED_ZOOM));
  }

  return {
    show,
    /** Moves only when the selection cannot be seen: the map is not to jump. */
    reveal(): void {
      const place = placeOf(shown);
      if (place !== null && !isInSight(map, place, padding())) moveTo(place, map.getZoom());
    },
    select(trackerId: number | null): void {
      if (trackerId === selectedId) return;
      selectedId = trackerId;
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
      mark.cancel();
    },
  };
}
