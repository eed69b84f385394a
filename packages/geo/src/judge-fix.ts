/**
 * What a fix, or a change of fences, means for the fences a tracker is in. Pure and total: the live
 * operator, its replay after a crash and the command line run these functions and nothing else, so they
 * come to the same events with the same ids.
 *
 * Rules (docs/spec/geofence.md): a fix that is not newer than the newest one judged changes nothing, one
 * the device calls invalid changes nothing either; exits come before enters, each by fence id; the first
 * fix ever judged enters with `initial`.
 */
import {
  plausibleFixTimeMs,
  type FenceEventKind,
  type FenceEventReason,
  type FenceId,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import type { FenceIndex } from './fence-index.ts';
import type { FenceMatches } from './fence-matches.ts';

/** What is remembered of a tracker. */
export interface JudgedTracker {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  /** Events so far. */
  readonly eventSeq: number;
  /** Time of the newest fix judged. */
  readonly lastFixTimeMs: number;
  /** Place of that fix, degrees × 10⁷. */
  readonly lonE7: number;
  readonly latE7: number;
  /** Fences it is in, ascending. */
  readonly inside: readonly FenceId[];
}

/** The fix to judge. */
export interface Fix {
  readonly fixTimeMs: number;
  readonly receivedTimeMs: number;
  /** The device had a position (enough satellites) and did not repeat an old or empty one. */
  readonly valid: boolean;
}

/** One step over an edge; who and where are known to the caller. */
export interface Crossing {
  readonly fenceId: FenceId;
  readonly kind: FenceEventKind;
  readonly reason: FenceEventReason;
  readonly initial: boolean;
}

/** What became of a fix. */
export type Judgement =
  /** Nothing changes, not even the newest time and place. */
  | { readonly outcome: 'ignored'; readonly why: 'late' | 'invalid' }
  /** The fix is the newest one now; the fences are the same. */
  | { readonly outcome: 'stayed' }
  /** The fix is the newest one now, and the tracker is in other fences than before. */
  | {
      readonly outcome: 'crossed';
      readonly inside: readonly FenceId[];
      readonly crossings: readonly Crossing[];
    };

const LATE: Judgement = { outcome: 'ignored', why: 'late' };
const INVALID: Judgement = { outcome: 'ignored', why: 'invalid' };
const STAYED: Judgement = { outcome: 'stayed' };

/** The time by which a fix is judged: never more than two minutes after its reception. */
export function judgedTimeMs(fix: Fix): number {
  return plausibleFixTimeMs(fix.fixTimeMs, fix.receivedTimeMs);
}

/**
 * Whether a fix can change anything; asked before the fences are searched. Null: it can.
 * @param tracker null for a tracker never judged before.
 */
export function ignoreFix(tracker: JudgedTracker | null, fix: Fix): Judgement | null {
  if (!fix.valid) return INVALID;
  return tracker !== null && judgedTimeMs(fix) <= tracker.lastFixTimeMs ? LATE : null;
}

/**
 * Judges a fix. Allocates only when the tracker crosses an edge.
 * @param tracker null for a tracker never judged before.
 * @param insideNow the fences the place of the fix is in.
 */
export function judgeFix(
  tracker: JudgedTracker | null,
  fix: Fix,
  insideNow: FenceMatches,
): Judgement {
  const ignored = ignoreFix(tracker, fix);
  if (ignored !== null) return ignored;
  const before = tracker?.inside ?? [];
  if (isSame(before, insideNow)) return STAYED;
  const inside = insideNow.toArray();
  return {
    outcome: 'crossed',
    inside,
    crossings: [
      ...before
        .filter((fenceId) => !insideNow.has(fenceId))
        .map((fenceId): Crossing => ({ fenceId, kind: 'exit', reason: 'fix', initial: false })),
      ...inside
        .filter((fenceId) => !before.includes(fenceId))
        .map((fenceId): Crossing => ({
          fenceId,
          kind: 'enter',
          reason: 'fix',
          initial: tracker === null,
        })),
    ],
  };
}

function isSame(before: readonly FenceId[], now: FenceMatches): boolean {
  if (before.length !== now.count) return false;
  for (let i = 0; i < now.count; i += 1) if (before[i] !== now.ids[i]) return false;
  return true;
}

/** The fences of a tenant in the version that ends and the one that begins. */
export interface FenceChange {
  readonly before: FenceIndex;
  readonly after: FenceIndex;
}

/**
 * Judges a tracker again, at its last place, after its tenant's fences, or whom they are for, changed.
 * Costs one query however many fences changed: of those that did not, it is in the same ones as before.
 * @param found working space.
 */
export function rejudge(
  tracker: JudgedTracker,
  { before, after }: FenceChange,
  found: FenceMatches,
): Judgement {
  found.trackerId = tracker.trackerId;
  after.query(tracker.lonE7 / 1e7, tracker.latE7 / 1e7, found);
  if (isSame(tracker.inside, found)) return STAYED;
  const inside = found.toArray();
  const exitOf = (fenceId: FenceId): Crossing => ({
    fenceId,
    kind: 'exit',
    reason: after.get(fenceId) === undefined ? 'fenceDeleted' : 'fenceUpdated',
    initial: false,
  });
  const enterOf = (fenceId: FenceId): Crossing => ({
    fenceId,
    kind: 'enter',
    reason: before.get(fenceId) === undefined ? 'fenceCreated' : 'fenceUpdated',
    initial: false,
  });
  return {
    outcome: 'crossed',
    inside,
    crossings: [
      ...tracker.inside.filter((fenceId) => !found.has(fenceId)).map(exitOf),
      ...inside.filter((fenceId) => !tracker.inside.includes(fenceId)).map(enterOf),
    ],
  };
}
