/**
 * Which marks to add, move and remove, so that the map engine gets only what changed: sending everything
 * again costs hundreds of milliseconds with 50,000 marks, deltas a few.
 */
import type { LiveTracker } from '../live/live-tracker.ts';
import { markImage } from './mark-images.ts';

/** One mark as a GeoJSON feature; its id is the tracker's. */
export interface MarkFeature {
  readonly type: 'Feature';
  readonly id: number;
  readonly geometry: { readonly type: 'Point'; readonly coordinates: [number, number] };
  readonly properties: { readonly image: string; readonly heading: number; readonly order: number };
}

export interface MarkDiff {
  readonly remove: readonly number[];
  readonly add: readonly MarkFeature[];
  readonly update: readonly MarkFeature[];
}

/** Movers lie over those who stand, those over the silent. */
const ORDER = { silent: 0, idle: 1, moving: 2 } as const;

function featureOf(tracker: LiveTracker): MarkFeature | null {
  const { fix, state, trackerId } = tracker;
  if (fix === null) return null;
  return {
    type: 'Feature',
    id: trackerId,
    geometry: { type: 'Point', coordinates: [fix.lon, fix.lat] },
    properties: {
      image: markImage(state, fix.headingDeg),
      heading: state === 'moving' ? (fix.headingDeg ?? 0) : 0,
      order: ORDER[state],
    },
  };
}

export interface MarkDiffInput {
  /** What may have changed; everything when the filter did. */
  readonly candidates: Iterable<number>;
  readonly trackers: ReadonlyMap<number, LiveTracker>;
  readonly isVisible: (tracker: LiveTracker) => boolean;
  /** What is drawn, as it was drawn; brought up to date by this function. */
  readonly drawn: Map<number, LiveTracker>;
}

/** Compares the candidates with what is drawn. Trackers without a place are never drawn. */
export function diffMarks(input: MarkDiffInput): MarkDiff {
  const { candidates, trackers, isVisible, drawn } = input;
  const remove: number[] = [];
  const add: MarkFeature[] = [];
  const update: MarkFeature[] = [];
  for (const trackerId of candidates) {
    const tracker = trackers.get(trackerId);
    const before = drawn.get(trackerId);
    const feature = tracker !== undefined && isVisible(tracker) ? featureOf(tracker) : null;
    if (tracker === undefined || feature === null) {
      if (drawn.delete(trackerId)) remove.push(trackerId);
      continue;
    }
    if (tracker === before) continue;
    drawn.set(trackerId, tracker);
    if (before === undefined) add.push(feature);
    else update.push(feature);
  }
  return { remove, add, update };
}

/** True when there is nothing to send. */
export function isEmptyDiff(diff: MarkDiff): boolean {
  return diff.remove.length + diff.add.length + diff.update.length === 0;
}
