/**
 * What noise does to a tracker that stands near an edge: false transitions a day, and how late a true exit is told.
 * A fix a second for a day; the noise of a receiver is correlated (AR(1), 30 s).
 */
import {
  DEFAULT_TRANSITION_RULES,
  observe,
  type TransitionRules,
  type VisitMemory,
} from '@followme/geo';
import { createRandom, type Random } from '@followme/platform';

const DAY_S = 86_400;
const CORRELATION_S = 30;
/** Noise of the speed a receiver tells (Doppler), m/s. */
const SPEED_SIGMA = 0.2;
/** A true exit starts so deep inside, m. */
const DEPTH_M = 60;
const EXITS = 200;

/** Inside or outside by the last fix, and nothing else: what the field calls a geofence. */
export type Rule = 'naive' | TransitionRules;

/** Correlated noise of one axis. */
function createNoise(random: Random, sigmaM: number): () => number {
  const keep = Math.exp(-1 / CORRELATION_S);
  const fresh = sigmaM * Math.sqrt(1 - keep * keep);
  let value = sigmaM * random.gaussian();
  return () => (value = value * keep + fresh * random.gaussian());
}

/** Follows one tracker; answers how many transitions the fix made. */
function createFollower(
  rule: Rule,
): (fix: {
  readonly s: number;
  readonly distanceM: number;
  readonly sigmaM: number;
  readonly speedMps: number;
}) => number {
  let wasInside: boolean | null = null;
  let memory: VisitMemory | null = null;
  return ({ s, distanceM, sigmaM, speedMps }) => {
    if (rule === 'naive') {
      const isInside = distanceM <= 0;
      const changed = wasInside !== null && wasInside !== isInside;
      wasInside = isInside;
      return changed ? 1 : 0;
    }
    const seen = { fixTimeMs: s * 1_000, distanceM, accuracyM: sigmaM, speedMps };
    const step = observe(memory, seen, rule, s === 0);
    memory = step.memory;
    return s === 0 ? 0 : step.happened.length;
  };
}

/** Transitions in a day of a tracker that stands `outsideM` from the edge; all of them are false. */
export function falseTransitionsADay(rule: Rule, outsideM: number, sigmaM: number): number {
  const random = createRandom(`parked ${outsideM} ${sigmaM}`);
  const noise = createNoise(random, sigmaM);
  const follow = createFollower(rule);
  let count = 0;
  for (let s = 0; s < DAY_S; s += 1) {
    const speedMps = Math.abs(SPEED_SIGMA * random.gaussian());
    count += follow({ s, distanceM: outsideM + noise(), sigmaM, speedMps });
  }
  return count;
}

/** Mean of how long after it crossed the edge a tracker that leaves at this speed is told to be out, s. */
export function exitDelayS(rule: Rule, speedMps: number, sigmaM: number): number {
  let sumS = 0;
  for (let exit = 0; exit < EXITS; exit += 1) {
    const random = createRandom(`leaving ${speedMps} ${exit}`);
    const noise = createNoise(random, sigmaM);
    const follow = createFollower(rule);
    const crossedS = DEPTH_M / speedMps;
    // between two fixes anything may happen: the edge is not always reached at a fix
    const phaseS = random.next();
    let lastChangeS = 0;
    for (let s = 0; s < crossedS + 300; s += 1) {
      const distanceM = (s + phaseS) * speedMps - DEPTH_M + noise();
      const told = Math.max(0, speedMps + SPEED_SIGMA * random.gaussian());
      if (follow({ s, distanceM, sigmaM, speedMps: told }) > 0) lastChangeS = s + phaseS;
    }
    sumS += lastChangeS - crossedS;
  }
  return sumS / EXITS;
}

/** The rules that are shown beside each other. */
export const RULES: readonly (readonly [string, Rule])[] = [
  ['naive', 'naive'],
  ['defaults', DEFAULT_TRANSITION_RULES],
  ['without confirmation', { ...DEFAULT_TRANSITION_RULES, confirmS: 0 }],
  [
    'band of 1 × accuracy, at least 10 m',
    { ...DEFAULT_TRANSITION_RULES, accuracyFactor: 1, bufferM: 10 },
  ],
  ['confirmation of 10 s', { ...DEFAULT_TRANSITION_RULES, confirmS: 10 }],
];
