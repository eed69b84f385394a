import { trustedId } from '@followme/model';
import type { RaisedAlert, Rule } from '@followme/store';
import { describe, expect, test } from 'vitest';
import { crossingOf, NOON, ruleOf, sosOf } from '../testing/sample.ts';
import { keyOf, type Occurrence } from './occurrence.ts';
import { raise, type Raising } from './raise.ts';

const SECOND = 1_000;

/** One occurrence of a rule on the cards there are. */
function once(
  occurrence: Occurrence,
  rule: Rule | null,
  { cards = [], nowMs = NOON }: { cards?: readonly RaisedAlert[]; nowMs?: number } = {},
): Raising {
  const key = keyOf(rule?.ruleId ?? null, occurrence);
  return raise([{ occurrence, rule, key }], cards, nowMs);
}

/** The card of a first occurrence, as the store gives it back. */
function cardOf(rule: Rule | null = ruleOf(), occurrence = sosOf()): RaisedAlert {
  const [made] = once(occurrence, rule).cards;
  if (made === undefined) throw new Error('No card was raised');
  return { ...made.card, alertId: trustedId(1) };
}

const only = ({ cards }: Raising) => {
  expect(cards).toHaveLength(1);
  const [card] = cards;
  if (card === undefined) throw new Error('No card');
  return card;
};

test('NT2 the first occurrence makes an open card with what is known', () => {
  const rule = ruleOf({ severity: 'high', name: 'Depot' });
  const { card, entries } = only(once(crossingOf('exit', { timeMs: NOON - 5 * SECOND }), rule));
  expect(card).toMatchObject({
    alertId: null,
    state: 'open',
    severity: 'high',
    kind: 'fence',
    ruleName: 'Depot',
    fenceId: 3,
    fenceName: 'Depot',
    transition: 'exit',
    alarm: null,
    occurrences: 1,
    firstTimeMs: NOON - 5 * SECOND,
    lastTimeMs: NOON - 5 * SECOND,
    raisedMs: NOON,
    lastRaisedMs: NOON,
    lon: 5.1,
    lat: 52.1,
  });
  expect(entries).toEqual([{ kind: 'raised', atMs: NOON }]);
});

test('NT2 the next counts on it, with its time and place', () => {
  const nowMs = NOON + 9 * SECOND;
  const next = sosOf({ timeMs: NOON + 8 * SECOND, lon: 6, lat: 53 });
  const { card } = only(once(next, ruleOf(), { cards: [cardOf()], nowMs }));
  expect(card).toMatchObject({
    alertId: 1,
    occurrences: 2,
    firstTimeMs: NOON,
    lastTimeMs: NOON + 8 * SECOND,
    raisedMs: NOON,
    lastRaisedMs: nowMs,
    lon: 6,
    lat: 53,
  });
});

test('NT2 an occurrence without a place keeps the last known one', () => {
  const next = sosOf({ timeMs: NOON + SECOND, lon: null, lat: null });
  const { card } = only(once(next, ruleOf(), { cards: [cardOf()] }));
  expect([card.lon, card.lat]).toEqual([5.1, 52.1]);
});

test('NT2 after the card was closed the next occurrence makes a new one', () => {
  const closed: RaisedAlert = { ...cardOf(), state: 'closed' };
  const next = sosOf({ timeMs: NOON + SECOND });
  const { card } = only(once(next, ruleOf(), { cards: [closed] }));
  expect(card).toMatchObject({ alertId: null, state: 'open', occurrences: 1 });
});

test('NT3 the history says once a minute that it happened again, the counter is exact', () => {
  let card = cardOf();
  const noted: number[] = [];
  for (let second = 1; second <= 150; second += 1) {
    const nowMs = NOON + second * SECOND;
    const raised = only(once(sosOf({ timeMs: nowMs }), ruleOf(), { cards: [card], nowMs }));
    card = raised.card;
    if (raised.entries.length > 0) noted.push(second);
    expect(raised.entries.every(({ kind }) => kind === 'repeated')).toBe(true);
  }
  expect(noted).toEqual([1, 61, 121]);
  expect(card.occurrences).toBe(151);
});

describe('NT5 an occurrence not newer than what the card knows', () => {
  test.each(['open', 'acknowledged', 'closed'] as const)('changes nothing, card %s', (state) => {
    const card: RaisedAlert = { ...cardOf(), state };
    for (const [timeMs, reason] of [
      [NOON, 'resent'],
      [NOON - SECOND, 'late'],
    ] as const) {
      const raising = once(sosOf({ timeMs }), ruleOf(), { cards: [card], nowMs: NOON + 60_000 });
      expect(raising.cards).toEqual([]);
      expect(raising.counts).toEqual({
        raised: 0,
        repeated: 0,
        reopened: 0,
        coolDown: 0,
        resent: reason === 'resent' ? 1 : 0,
        late: reason === 'late' ? 1 : 0,
      });
    }
  });
});

describe('NT6 an acknowledged card', () => {
  const acknowledged: RaisedAlert = { ...cardOf(), state: 'acknowledged' };
  const after = (quietMs: number, card = acknowledged) => {
    const nowMs = NOON + quietMs;
    return only(once(sosOf({ timeMs: nowMs }), ruleOf(), { cards: [card], nowMs }));
  };
  test('opens again after more than two minutes of quiet', () => {
    const { card, entries } = after(120_001);
    expect(card).toMatchObject({ state: 'open', occurrences: 2 });
    expect(entries).toEqual([{ kind: 'reopened', atMs: NOON + 120_001 }]);
  });
  test('stays acknowledged before that, however often the alarm comes', () => {
    expect(after(120_000).card.state).toBe('acknowledged');
    let card: RaisedAlert = acknowledged;
    for (let minute = 1; minute <= 10; minute += 1) card = after(minute * 60_000, card).card;
    expect(card).toMatchObject({ state: 'acknowledged', occurrences: 11 });
  });
  test('of lower severity, or of a crossing, stays acknowledged', () => {
    expect(after(3_600_000, { ...acknowledged, severity: 'high' }).card.state).toBe('acknowledged');
    const crossing: RaisedAlert = { ...acknowledged, kind: 'fence', alarm: null };
    expect(after(3_600_000, crossing).card.state).toBe('acknowledged');
  });
});

describe('NT7 a card of severity info', () => {
  const rule = ruleOf({
    severity: 'info',
    escalation: { afterS: 60, toIds: [trustedId(1)] },
  });
  test('is closed from the start, does not escalate, and tells whom its rule names', () => {
    const { card, orders } = only(once(sosOf(), rule));
    expect(card).toMatchObject({ state: 'closed', escalatesMs: null });
    expect(orders).toMatchObject([{ tells: true, escalatesMs: null }]);
  });
  test('is one of its own for each occurrence, also within one transaction', () => {
    const matches = [0, 1, 2].map((second) => {
      const occurrence = sosOf({ timeMs: NOON + second * SECOND });
      return { occurrence, rule, key: keyOf(rule.ruleId, occurrence) };
    });
    const { cards, counts } = raise(matches, [], NOON);
    expect(cards.map(({ card }) => [card.lastTimeMs, card.occurrences])).toEqual([
      [NOON, 1],
      [NOON + SECOND, 1],
      [NOON + 2 * SECOND, 1],
    ]);
    expect(counts.raised).toBe(3);
  });
});

describe('NT14 within the cool-down', () => {
  const rule = ruleOf({ coolDownS: 60, severity: 'high' });
  const tells = (card: RaisedAlert, second: number) => {
    const nowMs = NOON + second * SECOND;
    const raising = once(sosOf({ timeMs: nowMs }), rule, { cards: [card], nowMs });
    return { tells: only(raising).orders[0]?.tells, card: only(raising).card, raising };
  };
  test('nobody is told, and that is counted; after it they are', () => {
    const held = tells(cardOf(rule), 59);
    expect(held.tells).toBe(false);
    expect(held.raising.counts.coolDown).toBe(1);
    expect(tells(held.card, 60).tells).toBe(true);
  });
  test('it is measured from the last message, not from the last occurrence', () => {
    let card = cardOf(rule);
    const told: number[] = [];
    for (let second = 10; second <= 200; second += 10) {
      const next = tells(card, second);
      card = next.card;
      if (next.tells ?? false) told.push(second);
    }
    expect(told).toEqual([60, 120, 180]);
  });
  test('it goes on over the end of a card', () => {
    const closed: RaisedAlert = { ...cardOf(rule), state: 'closed' };
    const next = tells(closed, 30);
    expect(next).toMatchObject({ tells: false, card: { alertId: null, notifiedMs: NOON } });
  });
});

describe('NT15 a rule that escalates', () => {
  const rule = ruleOf({ escalation: { afterS: 90, toIds: [trustedId(5)] } });
  const escalatesMs = NOON + 90 * SECOND;
  test('does so when its card is raised, not when it happens again', () => {
    const first = only(once(sosOf(), rule));
    expect(first.orders).toMatchObject([{ escalatesMs }]);
    expect(first.card.escalatesMs).toBe(escalatesMs);
    const card: RaisedAlert = { ...first.card, alertId: trustedId(1) };
    const next = only(
      once(sosOf({ timeMs: NOON + SECOND }), rule, { cards: [card], nowMs: NOON + SECOND }),
    );
    expect(next.orders).toMatchObject([{ escalatesMs: null }]);
    expect(next.card.escalatesMs).toBe(escalatesMs);
  });
  test('does so again when its card opens again', () => {
    const card: RaisedAlert = { ...cardOf(rule), state: 'acknowledged', escalatesMs: null };
    const nowMs = NOON + 3_600_000;
    const next = only(once(sosOf({ timeMs: nowMs }), rule, { cards: [card], nowMs }));
    expect(next.card.escalatesMs).toBe(nowMs + 90 * SECOND);
  });
  test('does so within the cool-down too: nobody has answered', () => {
    const quiet = { ...rule, coolDownS: 600 };
    const closed: RaisedAlert = { ...cardOf(quiet), state: 'closed' };
    const nowMs = NOON + SECOND;
    const { orders } = only(once(sosOf({ timeMs: nowMs }), quiet, { cards: [closed], nowMs }));
    expect(orders).toMatchObject([{ tells: false, escalatesMs: nowMs + 90 * SECOND }]);
  });
});

test('NT4 the card without a rule is critical and tells nobody', () => {
  const { card, orders } = only(once(sosOf(), null));
  expect(card).toMatchObject({ severity: 'critical', ruleId: null, ruleName: null, alarm: 'sos' });
  expect(orders).toMatchObject([{ tells: false, escalatesMs: null }]);
});
