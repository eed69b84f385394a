/**
 * The notification service: what happened becomes alerts, and alerts reach people.
 *
 *   read      crossings from the events, alarms from the positions, silence from the last states
 *   raise     rules → cards, their history and the messages they cause, in one transaction with the offset
 *   render    what a message says, in the tenant's language
 *   deliver   the outbox: mail and webhooks, tried until they arrive or are given up
 *   watch     silence, and what is old enough to go; in one process of the installation
 */
import type { Log } from '@followme/log';
import type { Clock, Logger, Metrics, Random } from '@followme/platform';
import { createLaneTask, type Consumer, type LaneLeases, type LaneTask } from '@followme/store';
import { Deliverer, type OutboxState } from './deliver/deliverer.ts';
import { createMailSender, type MailServer } from './deliver/send-mail.ts';
import { createWebhookSender } from './deliver/send-webhook.ts';
import type { OutboxStore } from './deliver/outbox-store.ts';
import { createNotificationMetrics } from './notification-metrics.ts';
import { Raiser, tellChanged } from './raise/raiser.ts';
import type { RaisingStore } from './raise/raising-store.ts';
import { createInputSources } from './read/input-sources.ts';
import { measureLag } from './read/lag.ts';
import { DEFAULT_NOTIFICATION_SETTINGS, type NotificationSettings } from './settings.ts';
import { createRetention } from './watch/retention.ts';
import { createSilenceWatch } from './watch/silence.ts';
import type { WatchingStore } from './watch/watching-store.ts';

/** What the parts of the service know of the database. */
export interface NotificationStores {
  readonly raising: RaisingStore;
  readonly outbox: OutboxStore;
  readonly watching: WatchingStore;
}

export interface NotificationServiceDeps {
  readonly log: Log;
  readonly stores: NotificationStores;
  /** Ownership of the lanes of `crossings`, `alarms`, `deliveries` and `watching`. */
  readonly leases: (consumer: Consumer) => LaneLeases;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lane rows. */
  readonly owner: string;
  /** Null without a mail server: mails are skipped and say so. */
  readonly mailServer: MailServer | null;
  /** Where people reach us, for links; null when it is not known. */
  readonly publicUrl: string | null;
  /** Webhooks in private networks may be called. */
  readonly webhookPrivateNetworks: boolean;
  /** How we call ourselves to webhooks. */
  readonly userAgent: string;
  readonly settings?: Partial<NotificationSettings>;
}

/** How the service is. */
export interface NotificationHealth {
  /** How long the first record that is not committed lies in the log, s; 0 when all is committed. */
  readonly behindS: number;
  /** How long there have been lanes of the inputs that no process reads, ms. */
  readonly unownedForMs: number;
  readonly outbox: OutboxState;
}

export interface NotificationService {
  /** Resolves when both inputs are read and the outbox is emptied. @throws when store or log are away. */
  start(): Promise<void>;
  /** Commits what was read, finishes messages under way. */
  stop(): Promise<void>;
  health(): Promise<NotificationHealth>;
}

/** A service that has not started. */
export function createNotificationService(deps: NotificationServiceDeps): NotificationService {
  const { log, clock, logger, publicUrl } = deps;
  const settings = { ...DEFAULT_NOTIFICATION_SETTINGS, ...deps.settings };
  let behindS = 0;
  const metrics = createNotificationMetrics(deps.metrics, {
    behindSeconds: () => behindS,
    waiting: () => deliverer.state.waiting,
    oldestDueSeconds: () => deliverer.state.oldestDueS,
  });
  const shared = {
    ...deps,
    ...deps.stores,
    registry: deps.metrics,
    metrics,
    settings,
  };
  const { userAgent, webhookPrivateNetworks: allowPrivate, mailServer } = deps;
  const deliverer: Deliverer = new Deliverer({
    ...shared,
    leases: deps.leases('deliveries'),
    signals: log,
    sendMail: mailServer === null ? null : createMailSender({ clock }, mailServer),
    sendWebhook: createWebhookSender({ clock, allowPrivate, userAgent }),
    onAlertsChanged: (tenantId) => tellChanged(log, [tenantId]),
  });
  const raiser = new Raiser({
    ...shared,
    publicUrl,
    sources: createInputSources(metrics),
    onMessages: () => deliverer.wake(),
  });
  const watching = createWatching(deps, settings, () => [
    createSilenceWatch({ ...shared, raise: (found) => raiser.raise(found) }),
    createRetention(shared),
  ]);
  const measure = async (): Promise<void> => {
    behindS = await measureLag(raiser.lanes, { log, clock });
  };
  let endMeasuring = (): void => undefined;
  return {
    async start() {
      await raiser.start();
      await deliverer.start();
      endMeasuring = clock.every(settings.measureEveryMs, () => {
        measure().catch((error: unknown) => logger.warn('notification.lagUnknown', { error }));
      });
      await watching.start();
      logger.info('notification.started', { mail: mailServer !== null });
    },
    async stop() {
      endMeasuring();
      await watching.stop();
      await raiser.stop();
      await deliverer.stop();
      logger.info('notification.stopped', {});
    },
    async health() {
      await measure();
      return { behindS, unownedForMs: raiser.unownedForMs, outbox: deliverer.state };
    },
  };
}

/** What one process of the installation does for all: it starts with the lane and stops with it. */
function createWatching(
  deps: NotificationServiceDeps,
  { renewEveryMs }: NotificationSettings,
  createParts: () => readonly { start(): void; stop(): Promise<void> }[],
): LaneTask {
  return createLaneTask(
    {
      ...deps,
      leases: deps.leases('watching'),
      signals: deps.log,
      random: deps.random.fork('watching'),
      settings: { renewEveryMs },
    },
    () => {
      const parts = createParts();
      for (const part of parts) part.start();
      return {
        async stop() {
          await Promise.all(parts.map((part) => part.stop()));
        },
      };
    },
  );
}
