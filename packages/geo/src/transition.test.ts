import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_TRANSITION_RULES,
  dwellDueMs,
  elapse,
  observe,
  type Observation,
  type Step,
  type Transition,
  type TransitionRules,
  type VisitMemory,
} from './transition.ts';

const RULES: TransitionRules = {
  ...DEFAULT_TRANSITION_RULES,
  bufferM: 20,
  accuracyFactor: 2,
  confirmS: 30,
};
const START_MS = Date.UTC(2026, 0, 1);

/** A fix `s` seconds after the start. */
const at = (s: number, distanceM: number, more: Partial<Observation> = {}): Observation => ({
  fixTimeMs: START_MS + s * 1_000,
  distanceM,
  accuracyM: 5,
  speedMps: 0,
  ...more,
});

/** What fixes come to, as "second kind". */
function run(fixes: readonly Observation[], rules = RULES, start: VisitMemory | null = null) {
  let memory = start;
  const all: Transition[] = [];
  for (const fix of fixes) {
    const step = observe(memory, fix, rules);
    memory = step.memory;
    all.push(...step.happened);
  }
  return { memory, all, said: all.map(({ atMs, kind }) => `${(atMs - START_MS) / 1_000} ${kind}`) };
}

const MOVING = { speedMps: 8 };

describe('in', () => {
  test('who moves is in with the first fix inside', () => {
    expect(run([at(0, 10, MOVING), at(1, -1, MOVING)]).said).toEqual(['1 enter']);
  });

  test('who is deep inside is in, however slow', () => {
    expect(run([at(0, -20)]).said).toEqual(['0 enter']);
  });

  test('who stands near the edge is in when it lasts', () => {
    expect(run([at(0, -3), at(10, -2), at(29, -3)]).said).toEqual([]);
    expect(run([at(0, -3), at(10, -2), at(30, -3)]).said).toEqual(['30 enter']);
  });

  test('one place outside begins the waiting anew', () => {
    expect(run([at(0, -3), at(20, 1), at(30, -3), at(59, -3), at(60, -3)]).said).toEqual([
      '60 enter',
    ]);
  });

  test('a place on the edge is inside', () => {
    expect(run([at(0, 0, MOVING)]).said).toEqual(['0 enter']);
  });

  test('the first fix of a tracker is believed', () => {
    expect(observe(null, at(0, -1), RULES, true).happened.map(({ kind }) => kind)).toEqual([
      'enter',
    ]);
  });
});

describe('out', () => {
  const inside = run([at(0, -50)]).memory;

  test('between the edge and the end of the band nobody leaves, how long ever', () => {
    expect(run([at(1, 15), at(1_000, 19), at(9_000, 20)], RULES, inside).said).toEqual([]);
  });

  test('beyond the band it has to last, unless the tracker moves or is far away', () => {
    expect(run([at(1, 21), at(30, 25)], RULES, inside).said).toEqual([]);
    expect(run([at(1, 21), at(31, 25)], RULES, inside).said).toEqual(['31 exit']);
    expect(run([at(1, 21, MOVING)], RULES, inside).said).toEqual(['1 exit']);
    expect(run([at(1, 81)], RULES, inside).said).toEqual(['1 exit']);
  });

  test('the band grows with what the device does not know, up to a bound', () => {
    expect(run([at(1, 60, { accuracyM: 40, ...MOVING })], RULES, inside).said).toEqual([]);
    expect(run([at(1, 101, { accuracyM: 190, ...MOVING })], RULES, inside).said).toEqual([
      '1 exit',
    ]);
  });

  test('a fix that is too vague changes nothing', () => {
    const vague = { accuracyM: 17_000, ...MOVING };
    expect(run([at(1, 5_000, vague)], RULES, inside)).toEqual({
      memory: inside,
      all: [],
      said: [],
    });
    expect(run([at(1, -50, vague)]).said).toEqual([]);
  });

  test('what a device does not tell is taken for ten metres and for standing', () => {
    const untold = { accuracyM: Number.NaN, speedMps: Number.NaN };
    expect(run([at(1, 21, untold), at(31, 21, untold)], RULES, inside).said).toEqual(['31 exit']);
    expect(run([at(1, 19, untold), at(31, 19, untold)], RULES, inside).said).toEqual([]);
  });

  test('coming back into the band begins the waiting anew', () => {
    expect(run([at(1, 21), at(20, 5), at(32, 21), at(40, 21)], RULES, inside).said).toEqual([]);
  });

  test('tells how long the visit was', () => {
    expect(run([at(90, 500)], RULES, inside).all).toMatchObject([{ kind: 'exit', visitS: 90 }]);
  });
});

describe('dwell', () => {
  const rules: TransitionRules = { ...RULES, dwellS: 60 };
  const { memory: inside } = run([at(0, -50)], rules);

  test('is told by the first fix after it is due, with the time it was due', () => {
    expect(run([at(59, -50), at(75, -50), at(200, -50)], rules, inside).said).toEqual(['60 dwell']);
  });

  test('is told while the device is silent, once', () => {
    expect(dwellDueMs(inside, rules)).toBe(START_MS + 60_000);
    expect(elapse(inside, START_MS + 59_999, rules).happened).toEqual([]);
    const step = elapse(inside, START_MS + 61_000, rules);
    expect(step.happened).toEqual([{ kind: 'dwell', atMs: START_MS + 60_000, visitS: null }]);
    expect(dwellDueMs(step.memory, rules)).toBeNull();
    expect(elapse(step.memory, START_MS + 999_000, rules).happened).toEqual([]);
  });

  test('is taken back when a fix that was under way says that it had left before', () => {
    const told = elapse(inside, START_MS + 61_000, rules).memory;
    expect(run([at(40, 500)], rules, told).said).toEqual(['40 dwellRetracted', '40 exit']);
    expect(run([at(100, 500)], rules, told).said).toEqual(['100 exit']);
  });

  test('stands before the exit that ends it', () => {
    expect(run([at(100, 500)], rules, inside).said).toEqual(['60 dwell', '100 exit']);
  });

  test('is not told of one that may have left before it was due', () => {
    const { memory } = run([at(50, 25)], rules, inside);
    expect(elapse(memory, START_MS + 100_000, rules).happened).toEqual([]);
    expect(run([at(90, 25)], rules, memory).said).toEqual(['90 exit']);
    // … and told when it turns out that it had not
    expect(run([at(70, 10)], rules, memory).said).toEqual(['60 dwell']);
  });
});

test('who is too fast inside is told once, and again after having been slow', () => {
  const rules: TransitionRules = { ...RULES, speedLimitMps: 10 };
  const speeds = [8, 11, 12, 9.5, 11, 8, 10.5];
  const fixes = speeds.map((speedMps, s) => at(s, -50, { speedMps }));
  expect(run(fixes, rules).said).toEqual(['0 enter', '1 tooFast', '6 tooFast']);
  expect(run([at(0, 50, { speedMps: 20 })], rules).said).toEqual([]);
});

test('whatever comes: enter and exit take turns, a dwell lies within a visit, times never go back', () => {
  const observation = fc.record({
    gapS: fc.integer({ min: 0, max: 200 }),
    distanceM: fc.oneof(fc.double({ min: -60, max: 60 }), fc.double({ min: -1e5, max: 1e5 })),
    accuracyM: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 500, noNaN: true })),
    speedMps: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 40, noNaN: true })),
    isSilent: fc.boolean(),
  });
  const rules: TransitionRules = { ...RULES, dwellS: 90, speedLimitMps: 20 };
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 60 }), (track) => {
      let memory: VisitMemory | null = null;
      let s = 0;
      const all: Transition[] = [];
      for (const { gapS, isSilent, ...seen } of track) {
        s += gapS + 1;
        const step: Step = isSilent
          ? elapse(memory, START_MS + s * 1_000, rules)
          : observe(memory, { fixTimeMs: START_MS + s * 1_000, ...seen }, rules);
        memory = step.memory;
        all.push(...step.happened);
      }
      const crossings = all.filter(({ kind }) => kind === 'enter' || kind === 'exit');
      for (const [i, { kind }] of crossings.entries()) {
        expect(kind).toBe(i % 2 === 0 ? 'enter' : 'exit');
      }
      let isIn = false;
      let dwells = 0;
      for (const [i, { kind, atMs }] of all.entries()) {
        if (kind === 'enter') [isIn, dwells] = [true, 0];
        else expect(isIn).toBe(true);
        if (kind === 'dwell') dwells += 1;
        if (kind === 'dwellRetracted') expect(dwells).toBe(1);
        expect(dwells).toBeLessThan(2);
        if (kind === 'exit') isIn = false;
        expect(atMs).toBeGreaterThanOrEqual(all[i - 1]?.atMs ?? 0);
      }
    }),
    { numRuns: 2_000 },
  );
});
