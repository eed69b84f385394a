/**
 * The notification service: what happened becomes alerts, and alerts reach people.
 *
 *   read      crossings from the events, alarms from the positions, silence from the last states
 *   raise     rules → cards, their history and the messages they cause, in one transaction with the offset
 *   render    what a message says, in the tenant's language
 *   deliver   the outbox: mail and webhooks, tried until they arrive or are given up
 *   watch     silence, and what is old enough to go
 */
import type { Log } from '@followme/log';
import type { Clock, Logger, Metrics, Random } from '@followme/platform';
import type { Ownership, Store } from '@followme/store';
import { Deliverer, type OutboxState } from './deliver/deliverer.ts';
import { createMailSender, type MailServer } from './deliver/send-mail.ts';
import { createSqlOutboxStore } from './deliver/sql-outbox-store.ts';
import { createWebhookSender } from './deliver/send-webhook.ts';
import { createNotificationMetrics } from './notification-metrics.ts';
import { Raiser, tellChanged } from './raise/raiser.ts';
import { createSqlRaisingStore } from './raise/sql-raising-store.ts';
import { createInputSources } from './read/input-sources.ts';
import { measureLag } from './read/lag.ts';
import { DEFAULT_NOTIFICATION_SETTINGS, type NotificationSettings } from './settings.ts';
import { createRetention } from './watch/retention.ts';
import { createSilenceWatch } from './watch/silence.ts';
import { createSqlWatchingStore } from './watch/sql-watching-store.ts';

export interface NotificationServiceDeps {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lane rows. */
  readonly owner: string;
  readonly ownership: Ownership;
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
    metrics,
    settings,
    raising: createSqlRaisingStore(deps.store),
    outbox: createSqlOutboxStore(deps.store),
    watching: createSqlWatchingStore(deps.store),
  };
  const { userAgent, webhookPrivateNetworks: allowPrivate, mailServer } = deps;
  const deliverer: Deliverer = new Deliverer({
    ...shared,
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
  const silence = createSilenceWatch({ ...shared, raise: (found) => raiser.raise(found) });
  const retention = createRetention(shared);
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
      silence.start();
      retention.start();
      logger.info('notification.started', { mail: mailServer !== null });
    },
    async stop() {
      endMeasuring();
      await Promise.all([silence.stop(), retention.stop()]);
      await raiser.stop();
      await deliverer.stop();
      logger.info('notification.stopped', {});
    },
    async health() {
      await measure();
      return { behindS, outbox: deliverer.state };
    },
  };
}
