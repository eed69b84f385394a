/**
 * Which marks a view of the map shows: trackers, and clusters where they would lie on each other. Only what is in
 * sight is looked at, and the answer is as long as the screen is large, however many trackers there are.
 */
import type { AlertMark, MarkSeverity } from './alert-mark.ts';
import type { LiveTracker } from './live-tracker.ts';
import type { TrackerState } from './tracker-state.ts';

/** A stretch of the map in degrees, with its zoom. West may be below −180 and east above 180. */
export interface MapView {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly zoom: number;
}

/** Degrees; see `MapView`. */
export type Box = Omit<MapView, 'zoom'>;

/** As what a member of a cluster counts in its ring. */
export type SliceState = TrackerState | Exclude<MarkSeverity, 'critical'>;

export interface TrackerMark {
  readonly kind: 'tracker';
  /** The tracker's own. */
  readonly id: number;
  readonly lon: number;
  readonly lat: number;
  readonly state: TrackerState;
  readonly headingDeg: number | null;
  /** Set where an alert replaces the mark. */
  readonly alert: AlertMark | null;
  readonly name: string;
}

export interface ClusterMark {
  readonly kind: 'cluster';
  /** Below zero; the same while the tracker it grew around stays in it. */
  readonly id: number;
  readonly lon: number;
  readonly lat: number;
  readonly trackerIds: readonly number[];
  readonly counts: Readonly<Record<SliceState, number>>;
}

export type MapMark = TrackerMark | ClusterMark;

export interface ClusterInput {
  readonly trackers: Iterable<LiveTracker>;
  readonly view: MapView;
  readonly alertOf: (trackerId: number) => AlertMark | undefined;
}

/** Pixels of the whole world at zoom 0. */
const WORLD_PX = 512;
/** Marks closer than this belong together. */
const RADIUS_PX = 40;
/** Rings whose middles are closer than this touch each other: their width with its halo. */
const RING_PX = 44;
/** From cells as wide as clusters to cells as wide as rings. */
const RING_SHARE = RADIUS_PX / RING_PX;
/** Marks that close are a cluster when they are at least this many. */
const CLUSTER_FROM = 3;
/** Clusters stay as they are while zooming by less than this. */
const ZOOM_STEP = 0.5;
/** Marks beyond the edge by this share of the view are there already when it is moved. */
const MARGIN = 0.35;
const MAX_LAT = 85.05;

/** The place on a Mercator map, 0 … 1 from west to east. */
export function mercatorX(lon: number): number {
  return lon / 360 + 0.5;
}

/** The place on a Mercator map, 0 … 1 from north to south. */
export function mercatorY(lat: number): number {
  const sin = Math.sin((Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180);
  return 0.5 - (0.25 * Math.log((1 + sin) / (1 - sin))) / Math.PI;
}

/** The inverse of `mercatorY`. */
function latOf(y: number): number {
  return (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90;
}

/** Trackers that may become a cluster, around the first of them. */
interface Heap {
  readonly x: number;
  readonly y: number;
  readonly members: LiveTracker[];
}

/** Heaps by where they are, in cells that are one wide: finds the nearest one that is less than one away. */
function createCells() {
  const heaps = new Map<number, Heap[]>();
  // a row of cells is longer than any world is wide
  const keyOf = (column: number, row: number): number => row * 0x4000000 + column;
  return {
    heaps,
    near(x: number, y: number): Heap | null {
      let best: Heap | null = null;
      let bestSquared = 1;
      for (let row = Math.floor(y) - 1; row <= Math.floor(y) + 1; row += 1) {
        for (let column = Math.floor(x) - 1; column <= Math.floor(x) + 1; column += 1) {
          for (const heap of heaps.get(keyOf(column, row)) ?? []) {
            const squared = (heap.x - x) ** 2 + (heap.y - y) ** 2;
            if (squared >= bestSquared) continue;
            best = heap;
            bestSquared = squared;
          }
        }
      }
      return best;
    },
    add(heap: Heap): void {
      const key = keyOf(Math.floor(heap.x), Math.floor(heap.y));
      const cell = heaps.get(key);
      if (cell === undefined) heaps.set(key, [heap]);
      else cell.push(heap);
    },
  };
}

/** The view with its margin, and a grid of cells as wide as clusters are. */
function createGrid({ west, south, east, north, zoom }: MapView) {
  const scale = (WORLD_PX * 2 ** (Math.floor(zoom / ZOOM_STEP) * ZOOM_STEP)) / RADIUS_PX;
  const airLon = (east - west) * MARGIN;
  const airLat = (north - south) * MARGIN;
  const box = {
    west: west - airLon,
    east: east + airLon,
    south: south - airLat,
    north: north + airLat,
  };
  return {
    ...createCells(),
    isInside: (lon: number, lat: number): boolean => {
      if (lat < box.south || lat > box.north) return false;
      // the same place one world further, where the view goes beyond the edge of the map
      return [lon, lon - 360, lon + 360].some((each) => each >= box.west && each <= box.east);
    },
    /** In cells. */
    place: (lon: number, lat: number): readonly [x: number, y: number] => [
      mercatorX(lon) * scale,
      mercatorY(lat) * scale,
    ],
  };
}

type Grid = ReturnType<typeof createGrid>;

/** The middle of the members, in cells of the grid. */
function middleOf({ members }: Heap, grid: Grid): readonly [x: number, y: number] {
  let [x, y] = [0, 0];
  for (const { fix } of members) {
    const at = grid.place(fix?.lon ?? 0, fix?.lat ?? 0);
    x += at[0];
    y += at[1];
  }
  return [x / members.length, y / members.length];
}

/** Clusters are drawn in the middle of their members: those whose rings would touch there become one. */
function joinTouching(clusters: readonly Heap[], grid: Grid): Iterable<Heap> {
  const cells = createCells();
  const joined: Heap[] = [];
  for (const cluster of clusters) {
    const middle = middleOf(cluster, grid);
    const [x, y] = [middle[0] * RING_SHARE, middle[1] * RING_SHARE];
    const other = cells.near(x, y);
    if (other !== null) {
      other.members.push(...cluster.members);
      continue;
    }
    const heap = { x, y, members: cluster.members };
    joined.push(heap);
    cells.add(heap);
  }
  return joined;
}

function trackerMark(tracker: LiveTracker, alert: AlertMark | undefined): TrackerMark {
  const { trackerId, name, fix, state } = tracker;
  return {
    kind: 'tracker',
    id: trackerId,
    lon: fix?.lon ?? 0,
    lat: fix?.lat ?? 0,
    state,
    headingDeg: fix?.headingDeg ?? null,
    alert: alert ?? null,
    name,
  };
}

function clusterMark({ members }: Heap, alertOf: ClusterInput['alertOf']): ClusterMark {
  const counts = { moving: 0, idle: 0, silent: 0, high: 0, medium: 0 };
  let [x, y] = [0, 0];
  for (const { trackerId, state, fix } of members) {
    const severity = alertOf(trackerId)?.severity;
    counts[severity === 'high' || severity === 'medium' ? severity : state] += 1;
    x += fix?.lon ?? 0;
    y += mercatorY(fix?.lat ?? 0);
  }
  return {
    kind: 'cluster',
    id: -(members[0]?.trackerId ?? 0),
    lon: x / members.length,
    lat: latOf(y / members.length),
    trackerIds: members.map(({ trackerId }) => trackerId),
    counts,
  };
}

/**
 * The marks of a view. Trackers without a place have none; those with a critical alert never join a cluster. The
 * order of `trackers` decides around whom a cluster grows, so the same order makes the same clusters.
 */
export function clusterMarks({ trackers, view, alertOf }: ClusterInput): MapMark[] {
  const grid = createGrid(view);
  const marks: MapMark[] = [];
  for (const tracker of trackers) {
    const { fix, trackerId } = tracker;
    if (fix === null || !grid.isInside(fix.lon, fix.lat)) continue;
    const alert = alertOf(trackerId);
    if (alert?.severity === 'critical') {
      marks.push(trackerMark(tracker, alert));
      continue;
    }
    const [x, y] = grid.place(fix.lon, fix.lat);
    const heap = grid.near(x, y);
    if (heap === null) grid.add({ x, y, members: [tracker] });
    else heap.members.push(tracker);
  }
  const heaps = [...grid.heaps.values()].flat();
  const crowds = heaps.filter(({ members }) => members.length >= CLUSTER_FROM);
  for (const crowd of joinTouching(crowds, grid)) marks.push(clusterMark(crowd, alertOf));
  for (const { members } of heaps) {
    if (members.length >= CLUSTER_FROM) continue;
    for (const each of members) marks.push(trackerMark(each, alertOf(each.trackerId)));
  }
  return marks;
}
