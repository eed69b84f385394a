import { trustedId, type AlertState, type Severity } from '@followme/model';
import type { RaisedAlert, Rule } from '@followme/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOON, ruleOf, sosOf } from '../testing/sample.ts';
import { keyOf } from './occurrence.ts';
import { raise } from './raise.ts';

/** What can happen to the cards of one rule and tracker. */
type Step =
  | { readonly kind: 'occur'; readonly timeS: number }
  | { readonly kind: 'acknowledge' | 'close' | 'reopen' | 'commit' }
  | { readonly kind: 'wait'; readonly seconds: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('occur' as const), timeS: fc.nat(60) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('acknowledge' as const, 'close' as const, 'reopen' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('commit' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(200) }),
    },
  ),
  { maxLength: 60 },
);

/** A card as the oracle keeps it: only what can be said in one line each. */
interface OracleCard {
  state: AlertState;
  occurrences: number;
  lastTimeMs: number;
  lastRaisedMs: number;
  told: number[];
}

/** The same told in the plainest way: one occurrence after the other, looking at all cards there are. */
class Oracle {
  readonly cards: OracleCard[] = [];
  readonly #rule: Rule;
  constructor(rule: Rule) {
    this.#rule = rule;
  }
  get newest(): OracleCard | undefined {
    return this.cards.at(-1);
  }
  occur(timeMs: number, nowMs: number): void {
    if (this.cards.some((card) => timeMs <= card.lastTimeMs)) return;
    const open = this.cards.find((card) => card.state !== 'closed');
    const lastTold = Math.max(...this.cards.flatMap((card) => card.told), Number.NEGATIVE_INFINITY);
    const tells = nowMs - lastTold >= this.#rule.coolDownS * 1_000;
    const card = open ?? this.#make(timeMs, nowMs);
    if (open !== undefined) {
      const isQuiet = nowMs - card.lastRaisedMs > 120_000;
      if (card.state === 'acknowledged' && this.#rule.severity === 'critical' && isQuiet) {
        card.state = 'open';
      }
      card.occurrences += 1;
      card.lastTimeMs = timeMs;
      card.lastRaisedMs = nowMs;
    }
    if (tells) card.told.push(nowMs);
  }
  #make(lastTimeMs: number, nowMs: number): OracleCard {
    const state = this.#rule.severity === 'info' ? 'closed' : 'open';
    const card = { state, occurrences: 1, lastTimeMs, lastRaisedMs: nowMs, told: [] } as OracleCard;
    this.cards.push(card);
    return card;
  }
}

/** The cards in a store that commits a whole transaction's occurrences at once. */
class Store {
  readonly cards: RaisedAlert[] = [];
  readonly told = new Map<number, number[]>();
  readonly #rule: Rule;
  #pending: number[] = [];
  constructor(rule: Rule) {
    this.#rule = rule;
  }
  occur(timeMs: number): void {
    this.#pending.push(timeMs);
  }
  commit(nowMs: number): void {
    const matches = this.#pending.map((timeMs) => {
      const occurrence = sosOf({ timeMs });
      return { occurrence, rule: this.#rule, key: keyOf(this.#rule.ruleId, occurrence) };
    });
    this.#pending = [];
    const newest = this.cards.at(-1);
    for (const { card, orders } of raise(matches, newest === undefined ? [] : [newest], nowMs)
      .cards) {
      const place = card.alertId === null ? this.cards.length : card.alertId - 1;
      this.cards[place] = { ...card, alertId: trustedId(place + 1) };
      const told = orders.filter(({ tells }) => tells).map(() => nowMs);
      this.told.set(place, [...(this.told.get(place) ?? []), ...told]);
    }
  }
}

/** People change the newest card, in the oracle and in the store alike. */
function act(kind: 'acknowledge' | 'close' | 'reopen', oracle: Oracle, store: Store): void {
  const [newest, stored] = [oracle.newest, store.cards.at(-1)];
  if (newest === undefined || stored === undefined) return;
  const allowed = {
    acknowledge: ['open'],
    close: ['open', 'acknowledged'],
    reopen: ['acknowledged', 'closed'],
  };
  if (!allowed[kind].includes(newest.state)) return;
  const to = { acknowledge: 'acknowledged', close: 'closed', reopen: 'open' } as const;
  newest.state = to[kind];
  store.cards[store.cards.length - 1] = { ...stored, state: to[kind] };
}

describe('cards are those of the oracle, however occurrences fall into transactions', () => {
  const severities = fc.constantFrom<Severity>('critical', 'high', 'info');
  test('NT2 counters, states and times; NT5 NT6 NT14 included', () => {
    fc.assert(
      fc.property(steps, severities, fc.constantFrom(0, 30, 300), (run, severity, coolDownS) => {
        const rule = ruleOf({ severity, coolDownS });
        const oracle = new Oracle(rule);
        const store = new Store(rule);
        let nowMs = NOON;
        for (const step of run) {
          // people see committed cards only
          if (step.kind !== 'occur') store.commit(nowMs);
          if (step.kind === 'wait') nowMs += step.seconds * 1_000;
          else if (step.kind === 'occur') {
            oracle.occur(nowMs + step.timeS * 1_000, nowMs);
            store.occur(nowMs + step.timeS * 1_000);
          } else if (step.kind !== 'commit') act(step.kind, oracle, store);
        }
        store.commit(nowMs);
        const seen = store.cards.map(({ state, occurrences, lastTimeMs, lastRaisedMs }, place) => ({
          state,
          occurrences,
          lastTimeMs,
          lastRaisedMs,
          told: store.told.get(place) ?? [],
        }));
        expect(seen).toEqual(oracle.cards);
        expect(seen.filter(({ state }) => state !== 'closed').length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
