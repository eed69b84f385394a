/**
 * What a fence would have seen: stored positions judged by it, newest stretch of time first, until all is looked
 * through or the budget is used up. A stretch counts when it was looked through whole, so what is told is exact for
 * the period it names. Between portions others have their turn; memory is a portion and a few numbers per tracker.
 */
import type { FenceShape, TenantId, TrackerId } from '@followme/model';
import type { Clock } from '@followme/platform';
import type { FixesNearQuery, FixNear } from '@followme/store';
import { boxOfShape } from './box-of-shape.ts';
import { indexOfShape, SliceJudge } from './slice-judge.ts';
import { slicesOf, type Slice } from './slices.ts';
import { joinStretches, type Stretch } from './stretch.ts';

/** How much a preview may cost. */
export interface PreviewBudget {
  /** Positions, looked at between portions. */
  readonly positions: number;
  /** Time, looked at between portions, ms. */
  readonly ms: number;
}

export interface PreviewDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Reads a portion in a transaction of its own. */
  readonly read: (query: FixesNearQuery) => Promise<readonly FixNear[]>;
  readonly budget: PreviewBudget;
}

/** The fence that is asked about, and whose positions are judged over which period. */
export interface PreviewQuery extends Slice {
  readonly tenantId: TenantId;
  readonly shape: FenceShape;
  readonly trackerIds: readonly TrackerId[];
  /** Whether nobody waits for the answer any more. */
  readonly isGone: () => boolean;
}

/** See `FencePreviewSchema`. */
export interface FencePreview extends Slice {
  readonly isWhole: boolean;
  readonly entries: number;
  readonly exits: number;
  readonly trackers: number;
  readonly visitors: number;
  readonly positions: number;
}

/** Positions of a portion: tens of milliseconds of the database. */
const PORTION_POSITIONS = 20_000;
/** Most trackers of a portion: what they did in a day at a fix a second is seconds, not minutes, to look through. */
const MOST_TRACKERS = 64;
/** A portion grows at most so much over the one before. */
const GROWTH = 4;

/** What the trackers did in a slice, or in all so far. */
interface Looked {
  readonly stretches: ReadonlyMap<TrackerId, Stretch>;
  readonly positions: number;
}

/** Looks back from `toMs` to `fromMs`, or as far as the budget reaches. */
export async function previewFence(deps: PreviewDeps, query: PreviewQuery): Promise<FencePreview> {
  const look = createLook(deps, query);
  const all = new Map<TrackerId, Stretch>();
  let positions = 0;
  let reachedMs = query.toMs;
  for (const slice of slicesOf(query)) {
    const looked = await look(slice);
    if (looked === null) break;
    positions += looked.positions;
    for (const [trackerId, before] of looked.stretches) {
      const after = all.get(trackerId);
      all.set(trackerId, after === undefined ? before : joinStretches(before, after));
    }
    reachedMs = slice.fromMs;
  }
  const isWhole = reachedMs === query.fromMs;
  return { fromMs: reachedMs, toMs: query.toMs, isWhole, positions, ...sumOf(all.values()) };
}

function sumOf(stretches: Iterable<Stretch>) {
  const sum = { entries: 0, exits: 0, trackers: 0, visitors: 0 };
  for (const { entries, exits, wasInside } of stretches) {
    sum.entries += entries;
    sum.exits += exits;
    if (entries > 0) sum.trackers += 1;
    if (wasInside) sum.visitors += 1;
  }
  return sum;
}

/** Looks through slices, portion by portion; null when the budget does not reach, or nobody waits any more. */
function createLook(
  { clock, read, budget }: PreviewDeps,
  { tenantId, shape, trackerIds, isGone }: PreviewQuery,
): (slice: Slice) => Promise<Looked | null> {
  const startMs = clock.monotonicMs();
  const judge = new SliceJudge(tenantId, indexOfShape(tenantId, shape));
  const box = boxOfShape(shape);
  let used = 0;
  let size = 1;
  return async ({ fromMs, toMs }) => {
    const stretches = new Map<TrackerId, Stretch>();
    let positions = 0;
    for (let at = 0; at < trackerIds.length;) {
      const isSpent = used >= budget.positions || clock.monotonicMs() - startMs >= budget.ms;
      if (isSpent || isGone()) return null;
      const portion = trackerIds.slice(at, at + size);
      at += size;
      const judged = judge.judge(await read({ trackerIds: portion, fromMs, toMs, box }), stretches);
      positions += judged;
      used += judged;
      const fitting = Math.floor((portion.length * PORTION_POSITIONS) / Math.max(1, judged));
      size = Math.max(1, Math.min(fitting, size * GROWTH, MOST_TRACKERS));
    }
    return { stretches, positions };
  };
}
