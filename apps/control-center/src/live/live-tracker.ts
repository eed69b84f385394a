import type { Fix } from './socket-frames.ts';
import {
  classifyTracker,
  continueMotion,
  learnInterval,
  type Motion,
  MOVING_FROM_KMH,
  TRACKER_STATES,
  type TrackerState,
} from './tracker-state.ts';

/** What the app knows of one tracker. Never changed in place: a new object means there is something new. */
export interface LiveTracker {
  readonly trackerId: number;
  readonly name: string;
  /** The newest fix; null when nothing was ever received. */
  readonly fix: Fix | null;
  /** Whether the newest fix moves; null when nothing was ever received. */
  readonly motion: Motion | null;
  /** Learned time between two fixes. */
  readonly intervalMs: number | null;
  readonly state: TrackerState;
}

/** A tracker of which only the name is known. */
export function unheardTracker(trackerId: number, name: string): LiveTracker {
  return { trackerId, name, fix: null, motion: null, intervalMs: null, state: 'silent' };
}

function stateOf(tracker: Omit<LiveTracker, 'state'>, nowMs: number): TrackerState {
  const { fix, motion, intervalMs } = tracker;
  const isMoving = motion?.isMoving ?? false;
  return classifyTracker({ lastFixMs: fix?.fixMs ?? null, isMoving, intervalMs }, nowMs);
}

/**
 * What a fix makes of what was known. The newest fix time wins: a late or repeated fix changes nothing and
 * returns `previous` itself.
 */
export function applyFix(previous: LiveTracker | undefined, fix: Fix, nowMs: number): LiveTracker {
  const known = previous?.fix ?? null;
  if (previous !== undefined && known !== null && fix.fixMs <= known.fixMs) {
    return fix.name === previous.name ? previous : { ...previous, name: fix.name };
  }
  const gapMs = known === null ? 0 : fix.fixMs - known.fixMs;
  const next = {
    trackerId: fix.trackerId,
    name: fix.name,
    fix,
    motion: continueMotion(previous?.motion ?? null, fix),
    intervalMs: learnInterval(previous?.intervalMs ?? null, gapMs),
  };
  return { ...next, state: stateOf(next, nowMs) };
}

/** The tracker as time alone has made it; `previous` itself when its state did not change. */
export function ageTracker(previous: LiveTracker, nowMs: number, connected: boolean): LiveTracker {
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

/** How many trackers are in each state. */
export type StateCounts = Readonly<Record<TrackerState, number>>;

export function countStates(trackers: Iterable<LiveTracker>): StateCounts {
  const counts = { moving: 0, idle: 0, silent: 0 };
  for (const tracker of trackers) counts[tracker.state] += 1;
  return counts;
}

/** What the list, the table and the map are narrowed to. */
export interface TrackerFilter {
  readonly search: string;
  /** Empty means every state. */
  readonly states: ReadonlySet<TrackerState>;
}

export const NO_FILTER: TrackerFilter = { search: '', states: new Set() };

/** Text as it is compared: without case and accents, so that `joao` finds `João`. */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}

/** Decides for list, table and map alike. `foldedSearch` went through `foldText` once. */
export function matchesFilter(
  tracker: LiveTracker,
  foldedSearch: string,
  states: ReadonlySet<TrackerState>,
): boolean {
  if (states.size > 0 && !states.has(tracker.state)) return false;
  return foldedSearch === '' || foldText(tracker.name).includes(foldedSearch);
}

/** The filter after a click on a chip: all three chosen is the same as none. */
export function toggleState(filter: TrackerFilter, state: TrackerState): TrackerFilter {
  const states = new Set(filter.states);
  if (!states.delete(state)) states.add(state);
  return { ...filter, states: states.size === TRACKER_STATES.length ? new Set() : states };
}
