/**
 * Mouse and finger on the map while something is drawn. A click sets a corner, on the first or the last one it is
 * done; afterwards handles are dragged, middles become corners, and a click on an edge adds one.
 */
import type { Map as MapLibreMap, MapMouseEvent, MapTouchEvent, PointLike } from 'maplibre-gl';
import type { LonLat } from '../places/sphere.ts';
import { createCirclePull, type Spot } from './circle-pull.ts';
import { cornersOf, midpointsOf } from './draft.ts';
import type { DrawAction, Drawing } from './drawing.ts';
import { footOn, nearestWithin, type Pixel } from './hit.ts';

/** How near is on it, for a pointer and for a finger. */
const MOUSE_REACH_PX = 10;
const FINGER_REACH_PX = 24;
const EDGE_REACH_PX = 8;

interface PointerDeps {
  readonly map: MapLibreMap;
  readonly drawing: () => Drawing;
  readonly act: (action: DrawAction) => void;
  /** Where the pointer is over the map; null when it left. */
  readonly onPointer: (at: LonLat | null) => void;
  /** The map was pressed: the keys belong to the drawing from now on. */
  readonly onTouched: () => void;
}

type PressEvent = MapMouseEvent | MapTouchEvent;

const isFinger = (event: PressEvent): boolean => event.type.startsWith('touch');
const lonLatOf = ({ lngLat }: PressEvent): LonLat => [lngLat.lng, lngLat.lat];
const spotOf = (event: PressEvent): Spot => ({ point: event.point, at: lonLatOf(event) });

/** The main button alone: with others the map is turned, with keys it is zoomed. */
function isPlainPress({ originalEvent: event }: PressEvent): boolean {
  return event instanceof MouseEvent && event.button === 0 && !event.shiftKey && !event.ctrlKey;
}

/** Looks for handles under the pointer. */
function createSight({ map, drawing }: Pick<PointerDeps, 'map' | 'drawing'>) {
  // of a place that stands several times on the map, the copy nearest to the pointer
  const project = ([lon, lat]: LonLat, near: Pixel): Pixel => {
    const there = map.unproject([near.x, near.y]).lng;
    return map.project([lon + 360 * Math.round((there - lon) / 360), lat]);
  };
  return {
    corner(at: Pixel, reachPx: number): number | null {
      const { draft } = drawing();
      if (draft === null) return null;
      return nearestWithin(
        cornersOf(draft).map((corner) => project(corner, at)),
        at,
        reachPx,
      );
    },
    middle(at: Pixel, reachPx: number): number | null {
      const { draft, isOpen } = drawing();
      if (draft === null || isOpen) return null;
      const middles = midpointsOf(draft, isOpen);
      const hit = nearestWithin(
        middles.map((middle) => project(middle.at, at)),
        at,
        reachPx,
      );
      return hit === null ? null : (middles[hit]?.after ?? null);
    },
    /** The corner an edge under the pointer begins at, and the nearest place on it. */
    edge(at: Pixel): { readonly after: number; readonly at: LonLat } | null {
      const { draft, isOpen } = drawing();
      if (draft === null || isOpen) return null;
      const corners = cornersOf(draft).map((corner) => project(corner, at));
      for (const { after, at: middle } of midpointsOf(draft, isOpen)) {
        const from = corners[after];
        if (from === undefined) continue;
        const half = project(middle, at);
        const to = { x: 2 * half.x - from.x, y: 2 * half.y - from.y };
        const foot = footOn(from, to, at);
        if (Math.hypot(foot.x - at.x, foot.y - at.y) > EDGE_REACH_PX) continue;
        const { lng, lat } = map.unproject([foot.x, foot.y]);
        return { after, at: [lng, lat] };
      }
      return null;
    },
  };
}

type Sight = ReturnType<typeof createSight>;

/** A click: the next corner or the end of an open shape, one more corner on the edge of a closed one. */
function click(event: MapMouseEvent, { drawing, act }: PointerDeps, sight: Sight): void {
  const { draft, isOpen } = drawing();
  if (!isOpen) {
    const onHandle = sight.corner(event.point, MOUSE_REACH_PX) !== null;
    const edge = onHandle ? null : sight.edge(event.point);
    if (edge !== null) act({ type: 'insert', ...edge, gesture: null });
    else if (!onHandle) act({ type: 'activate', corner: null });
    return;
  }
  const hit = draft?.kind === 'circle' ? null : sight.corner(event.point, MOUSE_REACH_PX);
  const last = draft === null ? -1 : cornersOf(draft).length - 1;
  // the first corner closes, and a second click on the last one says the same
  if (hit !== null && (hit === last || (hit === 0 && draft?.kind === 'area'))) {
    return act({ type: 'finish' });
  }
  act({ type: 'place', at: lonLatOf(event) });
}

/** Taking hold of handles and middles, and letting go. */
function createDrag({ map, drawing, act, onPointer }: PointerDeps, sight: Sight) {
  let dragged: number | null = null;
  let drags = 0;
  const pull = createCirclePull(act);

  function onPress(event: PressEvent): void {
    const { isOpen, tool, draft } = drawing();
    if (isOpen) {
      // a finger moves the map: it has nothing else to do that with
      if (tool !== 'circle' || draft !== null || !isPlainPress(event)) return;
      pull.press(spotOf(event));
      event.preventDefault(); // the map stays where it is
      return;
    }
    const reachPx = isFinger(event) ? FINGER_REACH_PX : MOUSE_REACH_PX;
    let corner = sight.corner(event.point, reachPx);
    drags += 1;
    if (corner === null) {
      const after = sight.middle(event.point, reachPx);
      if (after === null) return;
      act({ type: 'insert', after, at: lonLatOf(event), gesture: `drag ${drags}` });
      corner = after + 1;
    } else act({ type: 'activate', corner });
    dragged = corner;
    event.preventDefault();
  }

  function onMove(event: PressEvent): void {
    if (dragged !== null) {
      act({ type: 'move', corner: dragged, to: lonLatOf(event), gesture: `drag ${drags}` });
      return;
    }
    if (isFinger(event)) return;
    pull.move(spotOf(event));
    onPointer(lonLatOf(event));
    const { isOpen } = drawing();
    const isOver =
      sight.corner(event.point, MOUSE_REACH_PX) !== null ||
      sight.middle(event.point, MOUSE_REACH_PX) !== null;
    map.getCanvas().style.cursor = isOpen ? 'crosshair' : isOver ? 'move' : '';
  }

  function onRelease(): void {
    dragged = null;
    pull.release();
  }

  return { onPress, onMove, onRelease, takesClick: () => pull.takesClick() };
}

/** Listens until the answer is called. */
export function watchPointer(deps: PointerDeps): () => void {
  const { map, onPointer, onTouched } = deps;
  const sight = createSight(deps);
  const { onPress, onMove, onRelease, takesClick } = createDrag(deps, sight);
  const onDown = (event: MapMouseEvent): void => {
    event.originalEvent.preventDefault(); // or the browser gives the keys to the canvas
    onTouched();
    onPress(event);
  };
  const onClick = (event: MapMouseEvent): void => {
    onTouched(); // a finger comes only by here
    if (!takesClick()) click(event, deps, sight);
  };
  const onLeave = (): void => onPointer(null);
  map.on('mousedown', onDown);
  map.on('touchstart', onPress);
  map.on('mousemove', onMove);
  map.on('touchmove', onMove);
  map.on('click', onClick);
  map.on('mouseout', onLeave);
  // let go anywhere, also beside the map
  window.addEventListener('mouseup', onRelease);
  window.addEventListener('touchend', onRelease);
  window.addEventListener('touchcancel', onRelease);
  return () => {
    map.off('mousedown', onDown);
    map.off('touchstart', onPress);
    map.off('mousemove', onMove);
    map.off('touchmove', onMove);
    map.off('click', onClick);
    map.off('mouseout', onLeave);
    window.removeEventListener('mouseup', onRelease);
    window.removeEventListener('touchend', onRelease);
    window.removeEventListener('touchcancel', onRelease);
    map.getCanvas().style.cursor = '';
  };
}

/** Where the crosshair goes by so many pixels; the map follows when it would leave the sight. */
export function stepCrosshair(map: MapLibreMap, from: LonLat, step: PointLike): LonLat {
  const start = map.project([from[0], from[1]]);
  const [dx, dy] = Array.isArray(step) ? step : [step.x, step.y];
  const next = { x: start.x + dx, y: start.y + dy };
  const { lng, lat } = map.unproject([next.x, next.y]);
  const { clientWidth, clientHeight } = map.getContainer();
  const edgePx = 48;
  const isOut =
    next.x < edgePx ||
    next.y < edgePx ||
    next.x > clientWidth - edgePx ||
    next.y > clientHeight - edgePx;
  if (isOut) map.panBy([dx, dy], { animate: false });
  return [lng, lat];
}
