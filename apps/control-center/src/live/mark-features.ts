/** Marks as the map engine takes them, and the difference between what it has and what it should have. */
import { mapName } from '../format/map-name.ts';
import type { ClusterMark, MapMark, MapView, SliceState, TrackerMark } from './mark-clusters.ts';
import type { TrackerState } from './tracker-state.ts';

/** What the style of the map reads; words for what is drawn, not how. */
interface MarkProperties {
  readonly kind: 'tracker' | 'alert' | 'cluster';
  /** Name of the image. */
  readonly image: string;
  /** Degrees to turn the image by. */
  readonly heading: number;
  /** What lies higher is drawn over the lower. */
  readonly order: number;
  /** Of a cluster: how many, as it is written. */
  readonly count: string;
  /** Of a critical alert: what stands beside it. */
  readonly label: string;
  readonly isCritical: boolean;
}

/** One mark as a GeoJSON feature; its id is that of the mark. */
export interface MarkFeature {
  readonly type: 'Feature';
  readonly id: number;
  readonly geometry: { readonly type: 'Point'; readonly coordinates: [number, number] };
  readonly properties: MarkProperties;
}

/** What to take away, to bring and to change; `update` holds whole features. */
export interface MarkDiff {
  readonly remove: readonly number[];
  readonly add: readonly MarkFeature[];
  readonly update: readonly MarkFeature[];
}

/** Slices are this fine, so that few images serve every cluster. */
export const RING_STEPS = 16;
/** The slices of a ring, in their order round it. */
export const SLICES: readonly SliceState[] = ['high', 'medium', 'moving', 'idle', 'silent'];

/** Movers lie over those who stand, those over the silent, alerts over all. */
const STATE_ORDER: Readonly<Record<TrackerState, number>> = { silent: 0, idle: 1, moving: 2 };
const ALERT_ORDER = { medium: 10, high: 11, critical: 12 } as const;

/** Steps of each slice, together `RING_STEPS`; nobody who is there gets none. */
export function ringSteps(counts: ClusterMark['counts']): number[] {
  const total = SLICES.reduce((sum, slice) => sum + counts[slice], 0);
  const steps = SLICES.map((slice) =>
    counts[slice] === 0 ? 0 : Math.max(1, Math.round((counts[slice] / total) * RING_STEPS)),
  );
  const largest = steps.indexOf(Math.max(...steps));
  const surplus = steps.reduce((sum, n) => sum + n, 0) - RING_STEPS;
  return steps.map((n, i) => (i === largest ? n - surplus : n));
}

/** A number that fits a ring, as a language writes it: 1234 is `1.2K` in English, `1,2K` in Dutch. */
export type FormatCount = (count: number) => string;

/** Makes `FormatCount` for a locale (BCP 47). Nothing is rounded up: nobody is counted who is not there. */
export function shortCountIn(locale: string): FormatCount {
  const format = new Intl.NumberFormat(locale, { notation: 'compact', roundingMode: 'trunc' });
  return (count) => format.format(count);
}

const NOTHING = { heading: 0, count: '', label: '', isCritical: false } as const;

function clusterProperties(
  { trackerIds, counts }: ClusterMark,
  formatCount: FormatCount,
): MarkProperties {
  return {
    ...NOTHING,
    kind: 'cluster',
    image: `ring-${ringSteps(counts).join('-')}`,
    order: trackerIds.length,
    count: formatCount(trackerIds.length),
  };
}

function trackerProperties({ state, headingDeg, alert, name }: TrackerMark): MarkProperties {
  if (alert !== null) {
    const isCritical = alert.severity === 'critical';
    return {
      ...NOTHING,
      kind: 'alert',
      image: alert.severity,
      order: ALERT_ORDER[alert.severity],
      label: isCritical ? `${alert.word}, ${mapName(name)}` : '',
      isCritical,
    };
  }
  const isTurned = state === 'moving' && headingDeg !== null;
  return {
    ...NOTHING,
    kind: 'tracker',
    // a mover without a heading gets a disc, since a drop would point somewhere
    image: state === 'moving' && !isTurned ? 'moving-disc' : state,
    heading: isTurned ? Math.round(headingDeg) : 0,
    order: STATE_ORDER[state],
  };
}

/** Places are rounded to this part of a pixel: what moves less is not drawn anew. */
const PX_STEP = 0.5;
const WORLD_PX = 512;

/** Degrees that are half a pixel at a zoom. */
function stepDeg(zoom: number): number {
  return (360 / (WORLD_PX * 2 ** Math.ceil(zoom))) * PX_STEP;
}

function round(value: number, step: number): number {
  return Math.round(value / step) * step;
}

/** A mark as a feature, its place as exact as the zoom can show. */
export function markFeature(mark: MapMark, view: MapView, formatCount: FormatCount): MarkFeature {
  const step = stepDeg(view.zoom);
  return {
    type: 'Feature',
    id: mark.id,
    geometry: { type: 'Point', coordinates: [round(mark.lon, step), round(mark.lat, step)] },
    properties:
      mark.kind === 'cluster' ? clusterProperties(mark, formatCount) : trackerProperties(mark),
  };
}

function isSame(a: MarkFeature, b: MarkFeature): boolean {
  const [lon, lat] = a.geometry.coordinates;
  const [otherLon, otherLat] = b.geometry.coordinates;
  const p = a.properties;
  const q = b.properties;
  return (
    lon === otherLon &&
    lat === otherLat &&
    p.image === q.image &&
    p.heading === q.heading &&
    p.count === q.count &&
    p.label === q.label
  );
}

/** Compares what should be drawn with what is; `drawn` is brought up to date. */
export function diffMarks(
  marks: readonly MarkFeature[],
  drawn: Map<number, MarkFeature>,
): MarkDiff {
  const add: MarkFeature[] = [];
  const update: MarkFeature[] = [];
  const remove: number[] = [];
  const present = new Set<number>();
  for (const mark of marks) {
    present.add(mark.id);
    const before = drawn.get(mark.id);
    if (before !== undefined && isSame(before, mark)) continue;
    drawn.set(mark.id, mark);
    (before === undefined ? add : update).push(mark);
  }
  for (const id of drawn.keys()) if (!present.has(id)) remove.push(id);
  for (const id of remove) drawn.delete(id);
  return { remove, add, update };
}

/** True when there is nothing to draw anew. */
export function isEmptyDiff({ remove, add, update }: MarkDiff): boolean {
  return remove.length + add.length + update.length === 0;
}
