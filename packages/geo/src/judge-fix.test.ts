import {
  parseFenceId,
  parseGroupId,
  parseTenantId,
  parseTrackerId,
  type Fence,
  type FenceId,
  type GroupId,
  type Result,
  type TrackerId,
} from '@followme/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildFenceIndex, createFenceIndex } from './build-fence-index.ts';
import type { FenceIndex } from './fence-index.ts';
import { LINEAR_UP_TO } from './grid-fence-index.ts';
import { FenceMatches } from './fence-matches.ts';
import {
  judgedTimeMs,
  judgeFix,
  rejudge,
  type Crossing,
  type Fix,
  type JudgedTracker,
} from './judge-fix.ts';

function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
const ids = (...numbers: number[]): FenceId[] => numbers.map((n) => value(parseFenceId(n)));
function matches(...numbers: number[]): FenceMatches {
  const found = new FenceMatches();
  for (const id of ids(...numbers)) found.add(id);
  return found;
}
const tracker = (inside: number[], lastFixTimeMs = 1_000): JudgedTracker => ({
  tenantId: value(parseTenantId(1)),
  trackerId: value(parseTrackerId(7)),
  eventSeq: inside.length,
  lastFixTimeMs,
  lonE7: 5_000_000,
  latE7: 5_000_000,
  inside: ids(...inside),
});
const fix = (fixTimeMs: number, valid = true): Fix => ({
  fixTimeMs,
  receivedTimeMs: 10_000,
  valid,
});
const short = ({ kind, fenceId, initial, reason }: Crossing): string =>
  `${kind} ${fenceId}${initial ? ' initial' : ''}${reason === 'fix' ? '' : ` ${reason}`}`;
const outcome = (judgement: ReturnType<typeof judgeFix>): string =>
  judgement.outcome === 'crossed'
    ? judgement.crossings.map(short).join(', ')
    : judgement.outcome === 'ignored'
      ? judgement.why
      : judgement.outcome;

describe('a fix', () => {
  const rows: [string, JudgedTracker | null, Fix, FenceMatches, string][] = [
    ['GF10 the first fix, inside nothing, is remembered', null, fix(1), matches(), 'stayed'],
    [
      'GF10 the first fix inside enters with initial',
      null,
      fix(1),
      matches(2, 5),
      'enter 2 initial, enter 5 initial',
    ],
    ['GF11 a newer fix in another fence enters', tracker([]), fix(1_001), matches(3), 'enter 3'],
    ['GF11 a newer fix outside exits', tracker([3]), fix(1_001), matches(), 'exit 3'],
    [
      'GF11 a newer fix in the same fences changes nothing',
      tracker([3, 4]),
      fix(1_001),
      matches(4, 3),
      'stayed',
    ],
    [
      'GF12 exits come before enters, each by fence id',
      tracker([2, 9]),
      fix(1_001),
      matches(5, 1, 9),
      'exit 2, enter 1, enter 5',
    ],
    ['GF13 a fix of the same time is late', tracker([3]), fix(1_000), matches(), 'late'],
    ['GF13 an older fix is late', tracker([3]), fix(999), matches(), 'late'],
    ['GF14 an invalid fix changes nothing', tracker([3]), fix(1_001, false), matches(), 'invalid'],
    ['GF14 an invalid first fix is not remembered', null, fix(1, false), matches(3), 'invalid'],
  ];
  test.each(rows)('%s', (_, before, fix, now, expected) => {
    expect(outcome(judgeFix(before, fix, now))).toBe(expected);
  });

  test('GF15 a fix time more than two minutes after reception is judged by the time of reception', () => {
    expect(judgedTimeMs({ fixTimeMs: 130_000, receivedTimeMs: 10_000, valid: true })).toBe(130_000);
    expect(judgedTimeMs({ fixTimeMs: 130_001, receivedTimeMs: 10_000, valid: true })).toBe(10_000);
    expect(outcome(judgeFix(tracker([3], 10_000), fix(9e15), matches()))).toBe('late');
  });

  test('GF11 any sequence of fixes gives the events of the naive difference of sets', () => {
    const step = fc.record({
      time: fc.integer({ min: 1, max: 30 }),
      valid: fc.boolean(),
      now: fc.uniqueArray(fc.integer({ min: 1, max: 6 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state: JudgedTracker | null = null;
        let naive: { time: number; inside: Set<number> } | null = null;
        for (const { time, valid, now } of steps) {
          const expected: string[] = [];
          if (valid && (naive === null || time > naive.time)) {
            const old: Set<number> = naive?.inside ?? new Set();
            const first = naive === null ? ' initial' : '';
            for (const id of [1, 2, 3, 4, 5, 6])
              if (old.has(id) && !now.includes(id)) expected.push(`exit ${id}`);
            for (const id of [1, 2, 3, 4, 5, 6])
              if (!old.has(id) && now.includes(id)) expected.push(`enter ${id}${first}`);
            naive = { time, inside: new Set(now) };
          }
          const judged = judgeFix(state, fix(time, valid), matches(...now));
          expect(judged.outcome === 'crossed' ? judged.crossings.map(short) : []).toEqual(expected);
          if (judged.outcome === 'ignored') continue;
          const inside: readonly FenceId[] =
            judged.outcome === 'crossed' ? judged.inside : (state?.inside ?? []);
          state = { ...tracker([], time), inside };
        }
      }),
    );
  });
});

describe('a change of fences', () => {
  const square = (id: number, version: number, from: number): Fence => ({
    tenantId: value(parseTenantId(1)),
    fenceId: value(parseFenceId(id)),
    name: `f${id}`,
    version,
    groupIds: null,
    shape: {
      kind: 'polygon',
      rings: [
        [
          [from, 0],
          [from + 1, 0],
          [from + 1, 1],
          [from, 1],
          [from, 0],
        ],
      ],
    },
  });
  // the tracker stands at 0.5, 0.5: inside of squares from 0, outside of those from 2
  const before = createFenceIndex([
    square(1, 1, 0),
    square(2, 1, 2),
    square(3, 1, 0),
    square(4, 1, 0),
  ]);
  const after = createFenceIndex([
    square(1, 2, 2),
    square(2, 2, 0),
    square(4, 1, 0),
    square(5, 2, 0),
    square(6, 2, 2),
  ]);
  const found = new FenceMatches();

  test('GF16 a standing tracker exits and enters by the edit, with its reason, exits first', () => {
    expect(outcome(rejudge(tracker([1, 3, 4]), { before, after }, found))).toBe(
      'exit 1 fenceUpdated, exit 3 fenceDeleted, enter 2 fenceUpdated, enter 5 fenceCreated',
    );
  });

  test('GF16 a tracker in the same fences as before stays', () => {
    expect(outcome(rejudge(tracker([1, 3, 4]), { before, after: before }, found))).toBe('stayed');
  });

  test('GF16 a fence the older version does not know of is left when the newer has it not', () => {
    expect(outcome(rejudge(tracker([4, 99]), { before, after: before }, found))).toBe(
      'exit 99 fenceDeleted, enter 1 fenceUpdated, enter 3 fenceUpdated',
    );
  });

  describe('of whom it is for', () => {
    const [north, south] = [1, 2].map((n) => value(parseGroupId(n))) as [GroupId, GroupId];
    const me = value(parseTrackerId(7));
    const other = value(parseTrackerId(8));
    const forGroups = (...groupIds: GroupId[]): Fence => ({ ...square(1, 1, 0), groupIds });
    const indexOf = (fence: Fence, groups: [GroupId, TrackerId[]][] = []) =>
      createFenceIndex([fence, square(4, 1, 0)], {
        groupTrackers: new Map(groups.map(([id, trackers]) => [id, new Set(trackers)])),
      });
    const everybody = indexOf(square(1, 1, 0));
    const mine = indexOf(forGroups(north, south), [[south, [me]]]);
    const theirs = indexOf(forGroups(north, south), [[north, [other]]]);

    test('GF25 a fence of groups is found for their trackers, one for everybody for all', () => {
      const inside = (index: FenceIndex, trackerId: TrackerId): FenceId[] => {
        found.trackerId = trackerId;
        index.query(0.5, 0.5, found);
        return found.toArray();
      };
      expect([inside(mine, me), inside(mine, other)]).toEqual([[1, 4], [4]]);
      expect([inside(everybody, me), inside(everybody, other)]).toEqual([
        [1, 4],
        [1, 4],
      ]);
      const fence = value(parseFenceId(1));
      expect([mine.appliesTo(fence, me), mine.appliesTo(fence, other)]).toEqual([true, false]);
    });

    test('GF25 the same holds where a grid takes the place of the walk', () => {
      const many = Array.from({ length: LINEAR_UP_TO + 1 }, (_, i) => square(100 + i, 1, 50));
      const index = createFenceIndex([...many, forGroups(north)], {
        groupTrackers: new Map([[north, new Set([me])]]),
      });
      found.trackerId = me;
      expect(index.query(0.5, 0.5, found)).toBe(1);
      found.trackerId = other;
      expect(index.query(0.5, 0.5, found)).toBe(0);
    });

    test('GF25 a group nobody is in, or that is gone, brings no tracker', () => {
      expect(indexOf(forGroups(north)).appliesTo(value(parseFenceId(1)), me)).toBe(false);
    });

    test.each<[string, number[], FenceIndex, FenceIndex, string]>([
      ['leaves what is for others now', [1, 4], mine, theirs, 'exit 1 fenceUpdated'],
      ['enters what is for it too now', [4], theirs, mine, 'enter 1 fenceUpdated'],
      ['stays in what was for all and is for its group', [1, 4], everybody, mine, 'stayed'],
      [
        'leaves even when both versions were loaded late',
        [1, 4],
        theirs,
        theirs,
        'exit 1 fenceUpdated',
      ],
    ])('GF27 a standing tracker %s', (_, inside, before, after, expected) => {
      expect(outcome(rejudge(tracker(inside), { before, after }, found))).toBe(expected);
    });
  });

  test('an index built in steps answers as one built at once, and keeps what it knows', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => square(i + 1, 1, (i % 40) / 4));
    const build = (previous?: FenceIndex) => {
      const steps = buildFenceIndex(many, { previous });
      let pauses = 0;
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) pauses += 1;
      return { index: step.value, pauses };
    };
    const { index, pauses } = build();
    const once = createFenceIndex(many);
    expect(pauses).toBeGreaterThan(3);
    const ask = (index: FenceIndex): FenceId[] => {
      index.query(3.3, 0.5, found);
      return found.toArray();
    };
    expect(ask(index)).toEqual(ask(once));
    expect(ask(once).length).toBeGreaterThan(100);
    const again = build(index);
    expect(again.pauses).toBeLessThan(pauses / 2);
    expect(ask(again.index)).toEqual(ask(once));
  });
});
