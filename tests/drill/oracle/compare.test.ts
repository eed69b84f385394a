import { describe, expect, test } from 'vitest';
import { compareEvents, compareOnce, type SeenEvent } from './compare.ts';
import { Expectation } from './expectation.ts';

const fixOf = (step: number) => ({
  index: 0,
  step,
  fixTimeMs: step * 1_000,
  madeMs: 0,
  acknowledgedMs: 0,
});

/** The events of tracker 0 over two periods of its journey, and the same as seen. */
function journey() {
  const expectation = new Expectation();
  for (let step = 0; step < 40; step += 1) expectation.add(fixOf(step), true);
  const expected = expectation.events.get(0) ?? [];
  const seen: SeenEvent[] = expected.map((event, at) => ({
    ...event,
    eventId: `id ${at}`,
    eventSeq: at + 1,
  }));
  return { expected, seen };
}

const kindsOf = (seen: readonly SeenEvent[]): string[] => {
  const issues = compareEvents('events', 0, { expected: journey().expected, seen });
  return [...new Set(issues.map(({ kind }) => kind))].toSorted();
};

describe('the oracle of the drill', () => {
  test('a period of a journey makes four crossings, two of them by one fix', () => {
    const { expected } = journey();
    const [enter, exit, next, out] = expected;
    expect(expected).toHaveLength(8);
    expect([enter?.fixTimeMs, exit?.fixTimeMs, next?.fixTimeMs, out?.fixTimeMs]).toEqual([
      3_000, 9_000, 9_000, 15_000,
    ]);
    expect([enter?.kind, exit?.kind, next?.kind, out?.kind]).toEqual([
      'enter',
      'exit',
      'enter',
      'exit',
    ]);
  });

  test('what is as expected is no issue', () => {
    expect(kindsOf(journey().seen)).toEqual([]);
  });

  test('an event that is missing is lost, also the last one', () => {
    const { seen } = journey();
    expect(kindsOf(seen.toSpliced(3, 1))).toContain('lost');
    expect(kindsOf(seen.slice(0, -1))).toEqual(['lost']);
  });

  test('an event that is there twice is doubled', () => {
    const { seen } = journey();
    const last = seen.at(-1);
    expect(kindsOf(last === undefined ? [] : [...seen, { ...last, eventSeq: 9 }])).toEqual([
      'doubled',
    ]);
  });

  test('events that changed places are out of order, and so are numbers with a gap', () => {
    const { seen } = journey();
    const [first, second, ...rest] = seen;
    if (first === undefined || second === undefined) throw new Error('The journey is too short');
    expect(kindsOf([second, first, ...rest])).toEqual(['outOfOrder']);
    const numbered = (event: SeenEvent, eventSeq: number): SeenEvent => ({ ...event, eventSeq });
    expect(kindsOf([numbered(second, 1), numbered(first, 2), ...rest])).toEqual(['outOfOrder']);
    expect(kindsOf(seen.map((event, at) => numbered(event, at < 4 ? at + 1 : at + 2)))).toEqual([
      'outOfOrder',
    ]);
  });

  test('a thing is expected once: none is lost, more are doubled, strangers too', () => {
    const issues = compareOnce('positions', new Set(['a', 'b', 'c']), ['a', 'b', 'b', 'b', 'x']);
    expect(issues.map(({ kind, about }) => `${kind} ${about}`).toSorted()).toEqual([
      'doubled b',
      'doubled b #2',
      'doubled x',
      'lost c',
    ]);
  });

  test('a fix that was acknowledged out of turn is a fault of the drill itself', () => {
    const expectation = new Expectation();
    expectation.add(fixOf(0), true);
    expect(() => expectation.add(fixOf(2), true)).toThrow('step 2 after 1');
  });
});
