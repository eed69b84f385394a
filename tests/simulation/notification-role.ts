/**
 * The notification service of a simulated process: the real raiser and deliverer over cards and an outbox in memory,
 * and receivers that write down what they got.
 */
import { createMetrics, createRandom } from '@followme/platform';
import { DEFAULT_NOTIFICATION_SETTINGS } from '@followme/notification';
import type { Attempt } from '../../services/notification/src/deliver/attempt.ts';
import { Deliverer } from '../../services/notification/src/deliver/deliverer.ts';
import type { OutboxStore } from '../../services/notification/src/deliver/outbox-store.ts';
import { createNotificationMetrics } from '../../services/notification/src/notification-metrics.ts';
import { Raiser } from '../../services/notification/src/raise/raiser.ts';
import type { RaisingStore } from '../../services/notification/src/raise/raising-store.ts';
import { createInputSources } from '../../services/notification/src/read/input-sources.ts';
import type { AlertsTable } from './alerts-table.ts';
import type { Engine } from './engine.ts';
import { connectLeases, type LaneTables } from './lane-audit.ts';
import type { Role, RoleContext } from './role.ts';

/** Mail servers and webhooks: what they took, by the id of the message, and how often. */
export class Receivers {
  readonly received = new Map<string, number>();

  take(deliveryId: string): void {
    this.received.set(deliveryId, (this.received.get(deliveryId) ?? 0) + 1);
  }
}

const SETTINGS = {
  ...DEFAULT_NOTIFICATION_SETTINGS,
  idleCommitMs: 1_000,
  answerWithinMs: 4_000,
  // a night in a few seconds
  retryDelaysMs: Array.from({ length: 30 }, () => 400),
  drainWithinMs: 3_000,
};

/** What raising and delivering share with the rest of the world. */
export interface NotificationDeps {
  readonly tables: LaneTables;
  readonly alerts: AlertsTable;
  readonly receivers: Receivers;
  /** The way to mail servers and webhooks. */
  readonly outside: Engine;
}

function connectRaising({ process, storeEngine }: RoleContext, alerts: AlertsTable): RaisingStore {
  return {
    beginLanes: (input, places) =>
      storeEngine.call(process, `begin of ${input}`, () => alerts.begin(input, places)),
    transact: (work) => storeEngine.call(process, 'raising', () => alerts.transact(work)),
  };
}

function connectOutbox({ process, storeEngine }: RoleContext, alerts: AlertsTable): OutboxStore {
  const call = <T>(what: string, effect: () => T): Promise<T> =>
    storeEngine.call(process, `outbox ${what}`, effect);
  return {
    dueMails: (query) => call('mails', () => alerts.dueMails(query)),
    dueCalls: (query) => call('calls', () => alerts.dueCalls(query)),
    state: (nowMs) => call('state', () => alerts.outboxState(nowMs)),
    settle: (attempt) => call('settle', () => alerts.settle(attempt)),
  };
}

/** Raiser and deliverer of one life of a process. */
export function createNotificationRole(context: RoleContext, deps: NotificationDeps): Role {
  const { process, log, logger } = context;
  const { clock } = process;
  const registry = createMetrics();
  const nothing = (): number => 0;
  const metrics = createNotificationMetrics(registry, {
    behindSeconds: nothing,
    waiting: nothing,
    oldestDueSeconds: nothing,
  });
  const send = async ({ deliveryId }: { readonly deliveryId: string }): Promise<Attempt> => {
    try {
      await deps.outside.call(process, `message ${deliveryId}`, () =>
        deps.receivers.take(deliveryId),
      );
      return { outcome: 'delivered', detail: 'ok' };
    } catch (error) {
      return { outcome: 'failed', detail: String(error) };
    }
  };
  const shared = { clock, logger, metrics, registry, settings: SETTINGS, publicUrl: null };
  const deliverer = new Deliverer({
    ...shared,
    outbox: connectOutbox(context, deps.alerts),
    leases: connectLeases(context, deps.tables, 'deliveries'),
    signals: log,
    random: createRandom(process.name),
    owner: process.name,
    sendMail: send,
    sendWebhook: send,
    onAlertsChanged: () => undefined,
  });
  const raiser = new Raiser({
    ...shared,
    log,
    raising: connectRaising(context, deps.alerts),
    leases: (consumer) => connectLeases(context, deps.tables, consumer),
    sources: createInputSources(metrics),
    owner: process.name,
    onMessages: () => deliverer.wake(),
  });
  return {
    async start() {
      await raiser.start();
      await deliverer.start();
    },
    async stop() {
      await raiser.stop();
      await deliverer.stop();
    },
  };
}
