/** Cards and the outbox of a simulated installation in memory: what the transactions of raising and delivering see. */
import {
  trustedId,
  type AlertId,
  type RuleId,
  type TrackerId,
  type UserId,
  type WebhookId,
} from '@followme/model';
import type {
  AddedDeliveries,
  CardToWrite,
  DueCall,
  DueCallsQuery,
  DueMail,
  DueMailsQuery,
  MemoryLanes,
  NewDelivery,
  RaisedAlert,
  Rule,
  SettledAttempt,
  SettleOutcome,
} from '@followme/store';
import type { Random } from '@followme/platform';
import type {
  RaisingStore,
  RaisingTransaction,
} from '../../services/notification/src/raise/raising-store.ts';
import { TENANT } from './fences.ts';
import type { LaneAudit } from './lane-audit.ts';

/** The lane of all deliveries. */
const DELIVERIES = trustedId<never>(0);
const PERSON = trustedId<UserId>(1);
const WEBHOOKS = [1, 2].map((id) => trustedId<WebhookId>(id));

interface Message {
  readonly delivery: NewDelivery;
  state: 'waiting' | 'delivered' | 'dead' | 'skipped';
  notBeforeMs: number;
  attempts: number;
  readonly attemptTimesMs: Set<number>;
}

const NO_RULE = {
  tenantId: TENANT,
  enabled: true,
  severity: 'medium',
  groupIds: null,
  recipientIds: [],
  webhookIds: [],
  coolDownS: 0,
  escalation: null,
  version: 1,
} as const;

/** What is worth an alert in this installation; whether there is a rule for SOS is drawn. */
export function drawRules(random: Random): readonly Rule[] {
  const rules: Rule[] = [
    {
      ...NO_RULE,
      ruleId: trustedId<RuleId>(1),
      name: 'arrivals',
      trigger: { kind: 'fence', fenceIds: null, on: ['enter'] },
      webhookIds: WEBHOOKS.slice(0, 1),
    },
    {
      ...NO_RULE,
      ruleId: trustedId<RuleId>(2),
      name: 'departures',
      severity: 'critical',
      trigger: { kind: 'fence', fenceIds: null, on: ['exit'] },
      recipientIds: [PERSON],
    },
    {
      ...NO_RULE,
      ruleId: trustedId<RuleId>(3),
      name: 'calls for help',
      severity: 'critical',
      trigger: { kind: 'alarm', alarms: ['sos'] },
      webhookIds: WEBHOOKS,
    },
  ];
  return random.next() < 0.6 ? rules : rules.slice(0, 2);
}

/** Cards, their messages, and what a transaction may do to them. */
export class AlertsTable {
  readonly rules: readonly Rule[];
  readonly #lanes: MemoryLanes;
  readonly #audit: LaneAudit;
  readonly #trackers: number;
  readonly #cards = new Map<AlertId, RaisedAlert>();
  readonly #messages = new Map<string, Message>();
  #lastId = 0;

  constructor(deps: {
    readonly lanes: MemoryLanes;
    readonly audit: LaneAudit;
    readonly rules: readonly Rule[];
    readonly trackers: number;
  }) {
    this.#lanes = deps.lanes;
    this.#audit = deps.audit;
    this.rules = deps.rules;
    this.#trackers = deps.trackers;
  }

  get cards(): readonly RaisedAlert[] {
    return [...this.#cards.values()];
  }
  get messages(): readonly Readonly<Message>[] {
    return [...this.#messages.values()];
  }

  /** Somebody closes a card that is not closed. */
  close(random: Random): void {
    const open = this.cards.filter(({ state }) => state !== 'closed');
    const card = open[random.integer(0, Math.max(0, open.length - 1))];
    if (card === undefined || card.alertId === null) return;
    this.#cards.set(card.alertId, { ...card, state: 'closed', escalatesMs: null });
  }

  /** Runs `work` as one transaction: what it writes is there when it resolves, or not at all. */
  async transact<T>(work: (transaction: RaisingTransaction) => Promise<T>): Promise<T> {
    const writes: (() => void)[] = [];
    const answer = await work(this.#transaction(writes));
    for (const write of writes) write();
    return answer;
  }

  begin(...[input, places]: Parameters<RaisingStore['beginLanes']>): void {
    this.#lanes.begin(input, places);
  }

  dueMails({ nowMs, limit }: DueMailsQuery): readonly DueMail[] {
    return this.#due(nowMs, 'email')
      .slice(0, limit)
      .map((message) => ({
        ...dueOf(message),
        channel: 'email',
        address: message.delivery.address,
        receiver: 'the person',
      }));
  }

  dueCalls({ nowMs, limit, busy }: DueCallsQuery): readonly DueCall[] {
    const heads = new Map<WebhookId, Message>();
    for (const message of this.#due(nowMs, 'webhook')) {
      const { webhookId } = message.delivery;
      if (webhookId === null || busy.includes(webhookId) || heads.has(webhookId)) continue;
      heads.set(webhookId, message);
    }
    return Array.from(heads, ([webhookId, message]) => ({
      ...dueOf(message),
      channel: 'webhook' as const,
      webhookId,
      address: message.delivery.address,
      secret: '',
    })).slice(0, limit);
  }

  /** Writes an attempt down, once, and only for the epoch that owns the deliveries. */
  settle({ delivery, epoch, atMs, outcome, retryAtMs }: SettledAttempt): {
    readonly outcome: SettleOutcome;
    readonly alertChanged: boolean;
  } {
    const isOurs = this.#lanes.progress('deliveries', DELIVERIES)?.epoch === epoch;
    if (!isOurs) return { outcome: 'lost', alertChanged: false };
    this.#audit.written('deliveries', [
      { lane: DELIVERIES, epoch, fromSequence: DELIVERIES, toSequence: DELIVERIES },
    ]);
    const message = this.#messages.get(delivery.deliveryId);
    const isKnown = message === undefined || message.attemptTimesMs.has(atMs);
    if (!isKnown && (message.state === 'waiting' || outcome !== 'skipped')) {
      message.attemptTimesMs.add(atMs);
      message.attempts += outcome === 'skipped' ? 0 : 1;
      if (message.state === 'waiting' || outcome === 'delivered') {
        message.state = stateAfter(outcome, retryAtMs);
        message.notBeforeMs = retryAtMs ?? message.notBeforeMs;
      }
    }
    return { outcome: 'settled', alertChanged: false };
  }

  /** What waits, for the measurements of the service. */
  outboxState(nowMs: number): { readonly waiting: number; readonly oldestDueMs: number | null } {
    const waiting = this.messages.filter(({ state }) => state === 'waiting');
    const due = waiting.map(({ notBeforeMs }) => notBeforeMs).filter((ms) => ms <= nowMs);
    return { waiting: waiting.length, oldestDueMs: due.length === 0 ? null : Math.min(...due) };
  }

  #due(nowMs: number, channel: 'email' | 'webhook'): readonly Message[] {
    return [...this.#messages.values()]
      .filter((m) => m.state === 'waiting' && m.notBeforeMs <= nowMs)
      .filter((m) => m.delivery.channel === channel)
      .sort((a, b) => Number(b.delivery.critical) - Number(a.delivery.critical));
  }

  #transaction(writes: (() => void)[]): RaisingTransaction {
    return {
      advance: async (input, stretches) => {
        const isMoving = ({ lane, epoch, fromSequence }: (typeof stretches)[number]): boolean => {
          const row = this.#lanes.progress(input, lane);
          return row?.epoch === epoch && row.committedSequence === fromSequence;
        };
        const moving = stretches.filter(isMoving);
        writes.push(() => {
          const moved = this.#lanes.advance(input, moving);
          if (moved.size !== moving.length) throw new Error('A transaction was not alone');
          this.#audit.written(input, moving);
        });
        return new Set(moving.map(({ lane }) => lane));
      },
      trackers: async (trackerIds) =>
        trackerIds
          .filter((id) => id <= this.#trackers)
          .map((trackerId: TrackerId) => ({
            trackerId,
            tenantId: TENANT,
            name: `tracker ${trackerId}`,
            groupIds: [],
          })),
      rules: async (tenantIds) =>
        new Map(tenantIds.map((tenantId) => [tenantId, { revision: 1, rules: this.rules }])),
      holdAlerts: async () => undefined,
      newestCards: async (wanted) => wanted.flatMap(({ key }) => this.#newestOf(key)),
      writeCards: async (cards) => this.#writeCards(cards, writes),
      mailReceivers: async (userIds) =>
        userIds.map((userId) => ({ tenantId: TENANT, userId, email: 'person@example.org' })),
      webhookReceivers: async (webhookIds) =>
        webhookIds.map((webhookId) => ({
          tenantId: TENANT,
          webhookId,
          url: `https://example.org/${webhookId}`,
        })),
      voices: async (tenantIds) =>
        tenantIds.map((tenantId) => ({ tenantId, name: 'Example', language: 'en' as const })),
      addDeliveries: async (deliveries) => this.#addDeliveries(deliveries, writes),
    };
  }

  /** The card that the next occurrence of a key is for, with the newest times of all its cards. */
  #newestOf(key: string): readonly RaisedAlert[] {
    const cards = this.cards.filter((card) => card.key === key);
    const card = cards.find(({ state }) => state !== 'closed') ?? cards.at(-1);
    if (card === undefined) return [];
    const notified = cards.flatMap(({ notifiedMs }) => (notifiedMs === null ? [] : [notifiedMs]));
    return [
      {
        ...card,
        lastTimeMs: Math.max(...cards.map(({ lastTimeMs }) => lastTimeMs)),
        notifiedMs: notified.length === 0 ? null : Math.max(...notified),
      },
    ];
  }

  #writeCards(cards: readonly CardToWrite[], writes: (() => void)[]): readonly AlertId[] {
    return cards.map(({ card }) => {
      // as a sequence of the database: a number is used up also when the transaction is not
      if (card.alertId === null) this.#lastId += 1;
      const alertId = card.alertId ?? trustedId<AlertId>(this.#lastId);
      writes.push(() => this.#cards.set(alertId, { ...card, alertId }));
      return alertId;
    });
  }

  #addDeliveries(deliveries: readonly NewDelivery[], writes: (() => void)[]): AddedDeliveries {
    const fresh = deliveries.filter(({ deliveryId }) => !this.#messages.has(deliveryId));
    writes.push(() => {
      for (const delivery of fresh) {
        this.#messages.set(delivery.deliveryId, {
          delivery,
          state: 'waiting',
          notBeforeMs: delivery.notBeforeMs,
          attempts: 0,
          attemptTimesMs: new Set(),
        });
      }
    });
    return { added: fresh.length, skipped: 0 };
  }
}

function stateAfter(
  outcome: SettledAttempt['outcome'],
  retryAtMs: number | null,
): Message['state'] {
  if (retryAtMs !== null) return 'waiting';
  if (outcome === 'delivered' || outcome === 'skipped') return outcome;
  return 'dead';
}

function dueOf({ delivery, attempts }: Message) {
  const { deliveryId, tenantId, alertId, purpose, content } = delivery;
  const rest = { voice: 'Example', language: 'en', obsolete: null } as const;
  return { deliveryId, tenantId, alertId, purpose, content, attempts, ...rest };
}
