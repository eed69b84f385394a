import type { Fix } from './socket-frames.ts';
import {
  classifyTracker,
  continueMotion,
  learnInterval,
  type Motion,
  MOVING_FROM_KMH,
  type TrackerState,
} from './tracker-state.ts';

/** What the app knows of one tracker. Never changed in place: a new object means there is something new. */
export interface LiveTracker {
  readonly trackerId: number;
  readonly name: string;
  /** Groups of the tracker that this session sees. */
  readonly groupIds: readonly number[];
  /** The newest fix; null when nothing was ever received. */
  readonly fix: Fix | null;
  /** Since when it has not left its place, ms since 1970 UTC; null when nothing was ever received. */
  readonly stillSinceMs: number | null;
  readonly state: TrackerState;
}

/** The same with what its state is judged by: this stays where positions come in. */
export interface JudgedTracker extends LiveTracker {
  /** Whether the newest fix moves; null when nothing was ever received. */
  readonly motion: Motion | null;
  /** Learned time between two fixes. */
  readonly intervalMs: number | null;
}

/** A tracker as the list of trackers names it, whether it ever reported or not. */
export interface KnownTracker {
  readonly trackerId: number;
  readonly name: string;
  readonly groupIds: readonly number[];
}

/** A tracker of which only name and groups are known. */
export function unheardTracker({ trackerId, name, groupIds }: KnownTracker): JudgedTracker {
  const judged = {
    fix: null,
    stillSinceMs: null,
    motion: null,
    intervalMs: null,
    state: 'silent',
  } as const;
  return { trackerId, name, groupIds, ...judged };
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

/** The tracker under another name or in other groups; `previous` itself when both are what they were. */
export function renameTracker(
  previous: JudgedTracker,
  { name, groupIds }: Pick<KnownTracker, 'name' | 'groupIds'>,
): JudgedTracker {
  const isSame = name === previous.name && sameIds(groupIds, previous.groupIds);
  return isSame ? previous : { ...previous, name, groupIds };
}

function stateOf(tracker: Omit<JudgedTracker, 'state'>, nowMs: number): TrackerState {
  const { fix, motion, intervalMs } = tracker;
  const isMoving = motion?.isMoving ?? false;
  return classifyTracker({ lastFixMs: fix?.fixMs ?? null, isMoving, intervalMs }, nowMs);
}

/**
 * What a fix makes of what was known. The newest fix time wins: a late or repeated fix changes nothing and
 * returns `previous` itself.
 */
export function applyFix(
  previous: JudgedTracker | undefined,
  fix: Fix,
  nowMs: number,
): JudgedTracker {
  const known = previous?.fix ?? null;
  if (previous !== undefined && known !== null && fix.fixMs <= known.fixMs) {
    return renameTracker(previous, fix);
  }
  const gapMs = known === null ? 0 : fix.fixMs - known.fixMs;
  const hasSameGroups = previous !== undefined && sameIds(previous.groupIds, fix.groupIds);
  const motion = continueMotion(previous?.motion ?? null, fix);
  const next = {
    trackerId: fix.trackerId,
    name: fix.name,
    groupIds: hasSameGroups ? previous.groupIds : fix.groupIds,
    fix,
    stillSinceMs: motion.sinceMs,
    motion,
    intervalMs: learnInterval(previous?.intervalMs ?? null, gapMs),
  };
  return { ...next, state: stateOf(next, nowMs) };
}

/** The tracker as time alone has made it; `previous` itself when its state did not change. */
export function ageTracker(
  previous: JudgedTracker,
  nowMs: number,
  connected: boolean,
): JudgedTracker {
  const state = connected ? stateOf(previous, nowMs) : 'silent';
  return state === previous.state ? previous : { ...previous, state };
}

/**
 * The speed to show beside the state, km/h: noise of standing is 0, and what contradicts the state or nobody
 * knows any more is null.
 */
export function shownSpeedKmh({ fix, state }: LiveTracker): number | null {
  if (fix === null || fix.speedKmh === null || !fix.valid || state === 'silent') return null;
  if (state === 'moving') return fix.speedKmh;
  return fix.speedKmh < MOVING_FROM_KMH ? 0 : null;
}

/** Text as it is compared: without case and accents, so that `joao` finds `João`. */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
