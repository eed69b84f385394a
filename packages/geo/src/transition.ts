/**
 * One tracker and one fence: what a fix, or time that passes without one, means for the visit. Pure and total: the
 * same observations in the same order come to the same transitions, whoever asks.
 *
 *   (no memory) ──inside──► entering ──confirmed──► inside ◄──back in the band── leaving ──confirmed──► (no memory)
 *
 * What is certain takes effect at once: a place deep inside or far outside, or one of a tracker that moves. What noise
 * could have made (a slow tracker near the edge) has to last for `confirmS`, and between the edge and the end of the
 * band outside it nothing changes. The numbers behind the defaults: docs/decisions/0026.
 */

/** How a fence decides; the same for all its trackers. */
export interface TransitionRules {
  /** Least width of the band outside the edge in which nobody leaves, m. */
  readonly bufferM: number;
  /** The band is at least so many times the accuracy of the fix. */
  readonly accuracyFactor: number;
  /** A fix that is less accurate changes nothing, m. */
  readonly maxAccuracyM: number;
  /** How long a slow tracker near the edge has to be in, or out, before it counts, s. */
  readonly confirmS: number;
  /** A visit that lasts so long is a dwell, s; null without. */
  readonly dwellS: number | null;
  /** Faster than this inside is an event, m/s; null without. */
  readonly speedLimitMps: number | null;
}

/** What holds for a fence that says nothing else. */
export const DEFAULT_TRANSITION_RULES: TransitionRules = {
  bufferM: 15,
  accuracyFactor: 2,
  maxAccuracyM: 200,
  confirmS: 30,
  dwellS: null,
  speedLimitMps: null,
};

/** Of a fix whose device does not tell, m. */
const ASSUMED_ACCURACY_M = 10;
/** From here on a tracker moves, m/s: above what standing receivers report, below a walk. */
const MOVING_MPS = 1;
/** The band is never wider, m: devices that know little must be able to leave. */
const WIDEST_BAND_M = 100;
/** Outside by so many bands needs no confirmation. */
const FAR_BANDS = 4;
/** A tracker is no longer too fast below this share of the limit. */
const SLOW_AGAIN = 0.9;

/** A fix as one fence sees it. */
export interface Observation {
  readonly fixTimeMs: number;
  /** Metres to the edge, negative inside. */
  readonly distanceM: number;
  /** NaN when it is not known. */
  readonly accuracyM: number;
  /** NaN when it is not known. */
  readonly speedMps: number;
}

/** What is remembered of a tracker at a fence; nothing of one that is outside and not on its way in. */
export interface VisitMemory {
  readonly phase: 'entering' | 'inside' | 'leaving';
  /** First fix of this phase, ms. */
  readonly sinceMs: number;
  /** When the visit began, ms; of `entering` when it would have. */
  readonly enteredMs: number;
  readonly hasDwelt: boolean;
  readonly isTooFast: boolean;
}

/** What a visit can come to. */
type TransitionKind = 'enter' | 'exit' | 'dwell' | 'dwellRetracted' | 'tooFast';

/** One transition, and the time it belongs to. */
export interface Transition {
  readonly kind: TransitionKind;
  readonly atMs: number;
  /** Of an exit: how long the visit was, s. */
  readonly visitS: number | null;
}

/** What is remembered from now on, and what happened, in order. */
export interface Step {
  readonly memory: VisitMemory | null;
  readonly happened: readonly Transition[];
}

const NOTHING: readonly Transition[] = [];

/** The width of the band outside the edge for a fix of this accuracy, m. */
function bandM(accuracyM: number, rules: TransitionRules): number {
  const known = Number.isNaN(accuracyM) ? ASSUMED_ACCURACY_M : accuracyM;
  return Math.max(rules.bufferM, Math.min(rules.accuracyFactor * known, WIDEST_BAND_M));
}

/**
 * Takes a fix that is newer than all before it. `isFirst`: of a tracker that was never judged; it is where it is.
 * Allocates only when something changes.
 */
export function observe(
  memory: VisitMemory | null,
  seen: Observation,
  rules: TransitionRules,
  isFirst = false,
): Step {
  if (seen.accuracyM > rules.maxAccuracyM) return { memory, happened: NOTHING };
  if (memory === null || memory.phase === 'entering') return approach(memory, seen, rules, isFirst);
  return stay(memory, seen, rules);
}

/**
 * Time passed and no fix came: a visit that has lasted long enough is a dwell, also of a tracker that is silent. One
 * that may have left already is not.
 */
export function elapse(memory: VisitMemory | null, nowMs: number, rules: TransitionRules): Step {
  const dueMs = dwellDueMs(memory, rules);
  if (memory === null || dueMs === null || dueMs > nowMs) return { memory, happened: NOTHING };
  return {
    memory: { ...memory, hasDwelt: true },
    happened: [{ kind: 'dwell', atMs: dueMs, visitS: null }],
  };
}

/** When `elapse` has something to say, ms; null when it has not. */
export function dwellDueMs(memory: VisitMemory | null, rules: TransitionRules): number | null {
  if (memory === null || memory.phase === 'entering') return null;
  if (memory.hasDwelt || rules.dwellS === null) return null;
  const dueMs = memory.enteredMs + rules.dwellS * 1_000;
  return memory.phase === 'leaving' && memory.sinceMs < dueMs ? null : dueMs;
}

/** Outside, or on the way in. */
function approach(
  memory: VisitMemory | null,
  seen: Observation,
  rules: TransitionRules,
  isFirst: boolean,
): Step {
  const { distanceM, fixTimeMs } = seen;
  if (distanceM > 0) return { memory: null, happened: NOTHING };
  const sinceMs = memory?.sinceMs ?? fixTimeMs;
  const isCertain =
    isFirst ||
    isMoving(seen) ||
    -distanceM >= bandM(seen.accuracyM, rules) ||
    lasted(sinceMs, seen, rules);
  if (!isCertain) {
    return { memory: memory ?? visit('entering', fixTimeMs), happened: NOTHING };
  }
  const entered = visit('inside', fixTimeMs);
  const fast = watchSpeed(entered, seen, rules);
  return {
    memory: fast.memory,
    happened: [{ kind: 'enter', atMs: fixTimeMs, visitS: null }, ...fast.happened],
  };
}

/** Inside, or on the way out. */
function stay(memory: VisitMemory, seen: Observation, rules: TransitionRules): Step {
  const band = bandM(seen.accuracyM, rules);
  const isOut = seen.distanceM > band;
  const sinceMs = memory.phase === 'leaving' ? memory.sinceMs : seen.fixTimeMs;
  const hasLeft =
    isOut && (isMoving(seen) || seen.distanceM > FAR_BANDS * band || lasted(sinceMs, seen, rules));
  if (hasLeft) return leave(memory, seen, rules);
  const dwelt = elapse(isOut ? leaving(memory, seen) : back(memory, seen), seen.fixTimeMs, rules);
  if (isOut || dwelt.memory === null) return dwelt;
  const fast = watchSpeed(dwelt.memory, seen, rules);
  return fast.happened.length === 0
    ? { memory: fast.memory, happened: dwelt.happened }
    : { memory: fast.memory, happened: [...dwelt.happened, ...fast.happened] };
}

function leave(memory: VisitMemory, { fixTimeMs }: Observation, rules: TransitionRules): Step {
  const happened: Transition[] = [];
  const dueMs = rules.dwellS === null ? Infinity : memory.enteredMs + rules.dwellS * 1_000;
  // it was seen outside for the first time here; until then it may have been inside
  const outsideMs = memory.phase === 'leaving' ? memory.sinceMs : fixTimeMs;
  if (memory.hasDwelt && outsideMs < dueMs) {
    happened.push({ kind: 'dwellRetracted', atMs: fixTimeMs, visitS: null });
  } else if (!memory.hasDwelt && dueMs <= outsideMs) {
    happened.push({ kind: 'dwell', atMs: dueMs, visitS: null });
  }
  const visitS = (fixTimeMs - memory.enteredMs) / 1_000;
  happened.push({ kind: 'exit', atMs: fixTimeMs, visitS });
  return { memory: null, happened };
}

function watchSpeed(
  memory: VisitMemory,
  { speedMps, fixTimeMs }: Observation,
  rules: TransitionRules,
): Step {
  const limit = rules.speedLimitMps;
  if (limit === null || Number.isNaN(speedMps)) return { memory, happened: NOTHING };
  if (memory.isTooFast) {
    const isSlow = speedMps < limit * SLOW_AGAIN;
    return { memory: isSlow ? { ...memory, isTooFast: false } : memory, happened: NOTHING };
  }
  if (speedMps <= limit) return { memory, happened: NOTHING };
  return {
    memory: { ...memory, isTooFast: true },
    happened: [{ kind: 'tooFast', atMs: fixTimeMs, visitS: null }],
  };
}

const isMoving = ({ speedMps }: Observation): boolean => speedMps >= MOVING_MPS;

const lasted = (sinceMs: number, { fixTimeMs }: Observation, rules: TransitionRules): boolean =>
  fixTimeMs - sinceMs >= rules.confirmS * 1_000;

const visit = (phase: 'entering' | 'inside', sinceMs: number): VisitMemory => ({
  phase,
  sinceMs,
  enteredMs: sinceMs,
  hasDwelt: false,
  isTooFast: false,
});

const leaving = (memory: VisitMemory, { fixTimeMs }: Observation): VisitMemory =>
  memory.phase === 'leaving' ? memory : { ...memory, phase: 'leaving', sinceMs: fixTimeMs };

const back = (memory: VisitMemory, { fixTimeMs }: Observation): VisitMemory =>
  memory.phase === 'inside' ? memory : { ...memory, phase: 'inside', sinceMs: fixTimeMs };
