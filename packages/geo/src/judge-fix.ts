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
  type Fence,
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

/** What a newer version of a tenant's fences has that the older had not. */
export interface FenceChanges {
  readonly created: readonly Fence[];
  readonly updated: readonly Fence[];
}

/** Compares two versions of a tenant's fences; a fence is updated when its own version is another. */
export function compareFences(before: FenceIndex, after: FenceIndex): FenceChanges {
  const created: Fence[] = [];
  const updated: Fence[] = [];
  for (const fence of after.fences()) {
    const old = before.get(fence.fenceId);
    if (old === undefined) created.push(fence);
    else if (old.version !== fence.version) updated.push(fence);
  }
  return { created, updated };
}

/**
 * Judges a tracker again, at its last place, after its tenant's fences changed. Only the fences that
 * changed are looked at, and those it is in that are gone.
 */
export function rejudge(
  tracker: JudgedTracker,
  changes: FenceChanges,
  after: FenceIndex,
): Judgement {
  const lon = tracker.lonE7 / 1e7;
  const lat = tracker.latE7 / 1e7;
  const inside = new Set(tracker.inside);
  const exits: Crossing[] = [];
  const enters: Crossing[] = [];
  const look = (fenceId: FenceId, isIn: boolean, reason: FenceEventReason): void => {
    if (inside.has(fenceId) === isIn) return;
    if (isIn) inside.add(fenceId);
    else inside.delete(fenceId);
    (isIn ? enters : exits).push({
      fenceId,
      kind: isIn ? 'enter' : 'exit',
      reason,
      initial: false,
    });
  };
  for (const fenceId of tracker.inside) {
    if (after.get(fenceId) === undefined) look(fenceId, false, 'fenceDeleted');
  }
  for (const { fenceId } of changes.updated) {
    look(fenceId, after.contains(fenceId, lon, lat), 'fenceUpdated');
  }
  for (const { fenceId } of changes.created) {
    look(fenceId, after.contains(fenceId, lon, lat), 'fenceCreated');
  }
  if (exits.length + enters.length === 0) return STAYED;
  const byFence = (a: Crossing, b: Crossing): number => a.fenceId - b.fenceId;
  return {
    outcome: 'crossed',
    inside: [...inside].sort((a, b) => a - b),
    crossings: [...exits.sort(byFence), ...enters.sort(byFence)],
  };
}
