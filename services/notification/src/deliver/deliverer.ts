/**
 * Empties the outbox. Mails go one after the other, calls one after the other per webhook, each settled in the
 * store before the next begins: a kill between a receiver's yes and our commit repeats one message per channel.
 *
 * Delivering belongs to one process, by a lane of its own (`deliveries`, 0): rows are not locked while a slow
 * receiver answers, and every outcome is written only while the epoch of the lane is ours. Nothing is sent while
 * the lease is not known to hold, since its outcome may not be ours to write; after a standstill that is not before
 * it was renewed. When another process is to go on, what is under way comes to its end first.
 */
import { trustedId, type Lane, type TenantId, type WebhookId } from '@followme/model';
import {
  isAbortError,
  type Clock,
  type Logger,
  type Metrics,
  type Random,
} from '@followme/platform';
import {
  createLaneKeeper,
  type DueCall,
  type DueDelivery,
  type DueMail,
  type LaneKeeper,
  type LaneLease,
  type LaneLeases,
  type LaneSignals,
} from '@followme/store';
import type { NotificationMetrics } from '../notification-metrics.ts';
import { testMessage } from '../render/test-message.ts';
import type { NotificationSettings } from '../settings.ts';
import { createSignal } from '../signal.ts';
import type { Attempt } from './attempt.ts';
import { retryAtMs } from './back-off.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { SendMail } from './send-mail.ts';
import type { SendWebhook } from './send-webhook.ts';

/** Mails taken at a time: an urgent one waits for so many others at most. */
const MAILS_AT_A_TIME = 10;
const SETTLE_RETRY_FIRST_MS = 50;
const SETTLE_RETRY_MOST_MS = 5_000;
const LANE = trustedId<Lane>(0);

export interface DelivererDeps {
  readonly outbox: OutboxStore;
  /** Of the consumer `deliveries`. */
  readonly leases: LaneLeases;
  readonly signals: Pick<LaneSignals, 'broadcast' | 'subscribe'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: NotificationMetrics;
  /** Where the keeper counts. */
  readonly registry: Metrics;
  readonly settings: NotificationSettings;
  readonly owner: string;
  readonly publicUrl: string | null;
  /** Null without a mail server: mails are skipped. */
  readonly sendMail: SendMail | null;
  readonly sendWebhook: SendWebhook;
  /** A card has changed because of what was sent. */
  readonly onAlertsChanged: (tenantId: TenantId) => void;
}

/** What waits in the outbox. */
export interface OutboxState {
  readonly waiting: number;
  /** How long the first message whose time has come waits, s. */
  readonly oldestDueS: number;
}

/** Idle until `start`. */
export class Deliverer {
  readonly #deps: DelivererDeps;
  readonly #stopping = new AbortController();
  /** Ends what is under way; later than `#stopping`. */
  readonly #cutOff = new AbortController();
  readonly #mailWork = createSignal();
  readonly #callWork = createSignal();
  readonly #calling = new Map<WebhookId, Promise<void>>();
  /** Whose mail was taken last. */
  #mailedTenantId: TenantId | null = null;
  readonly #keeper: LaneKeeper;
  /** Messages that are being sent, and whose outcome is being written. */
  readonly #underWay = new Set<Promise<void>>();
  /** Null while another process delivers: nothing is sent whose outcome could not be written. */
  #lease: LaneLease | null = null;
  #loops: readonly Promise<void>[] = [];
  #measuring: Promise<void> | null = null;
  #endMeasuring = (): void => undefined;
  #state: OutboxState = { waiting: 0, oldestDueS: 0 };

  constructor(deps: DelivererDeps) {
    const { signals, settings } = deps;
    this.#deps = deps;
    this.#keeper = createLaneKeeper({
      ...deps,
      metrics: deps.registry,
      random: deps.random.fork('lanes'),
      // messages leave whether or not the log can be read
      signals: {
        silentForMs: () => 0,
        broadcast: (subject, payload) => signals.broadcast(subject, payload),
        subscribe: (subject, hear) => signals.subscribe(subject, hear),
      },
      lanes: [LANE],
      work: {
        begin: async ([lease]) => this.#begin(lease),
        finish: ([lease]) => this.#finish(lease),
        drop: (lease) => this.#end(lease),
      },
      settings: {
        renewEveryMs: settings.renewEveryMs,
        finishWithinMs: settings.drainWithinMs + settings.answerWithinMs,
      },
    });
  }

  /** As of the last look. */
  get state(): OutboxState {
    return this.#state;
  }

  /** Takes the outbox when it is free, and begins. */
  async start(): Promise<void> {
    const { clock, settings } = this.#deps;
    await this.#keeper.start();
    this.#endMeasuring = clock.every(settings.measureEveryMs, () => this.#measure());
    this.#loops = [
      this.#run(this.#mailWork, (lease) => this.#sendMails(lease)),
      this.#run(this.#callWork, (lease) => this.#makeCalls(lease)),
    ];
  }

  /** Something was put into the outbox. */
  wake(): void {
    this.#mailWork.set();
    this.#callWork.set();
  }

  /** Begins nothing new; what is under way may come to its end, for a while. */
  async stop(): Promise<void> {
    const { clock, settings } = this.#deps;
    this.#stopping.abort();
    this.#endMeasuring();
    this.wake();
    const cancel = clock.after(settings.drainWithinMs, () => this.#cutOff.abort());
    await this.#keeper.stop();
    await Promise.all(this.#loops);
    await Promise.all(this.#underWay);
    await this.#measuring;
    cancel();
  }

  #begin(lease: LaneLease | undefined): void {
    if (lease === undefined || lease.signal.aborted) return;
    this.#lease = lease;
    this.wake();
  }

  /** What is under way may still be ours to write down: its outcome, then another may go on. */
  async #finish(lease: LaneLease | undefined): Promise<void> {
    this.#end(lease);
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #end(lease: LaneLease | undefined): void {
    if (this.#lease === lease) this.#lease = null;
  }

  /** Works when woken and from time to time, until stopped; a failing store is tried again. */
  async #run(
    work: ReturnType<typeof createSignal>,
    step: (lease: LaneLease) => Promise<boolean>,
  ): Promise<void> {
    const { clock, logger, settings } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const hasMore = this.#lease !== null && (await step(this.#lease));
        if (hasMore) continue;
      } catch (error) {
        if (!isAbortError(error)) logger.warn('notification.outboxFailed', { error });
      }
      if (!signal.aborted) await work.wait(clock, settings.outboxEveryMs);
    }
  }

  /** Sends some of the mails that are due; true when there may be more. */
  async #sendMails(lease: LaneLease): Promise<boolean> {
    const { outbox, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const afterTenantId = this.#mailedTenantId;
    const due = await outbox.dueMails({ nowMs, limit: MAILS_AT_A_TIME, afterTenantId });
    for (const mail of due) {
      if (!this.#maySend(lease)) return false;
      await this.#deliver(mail, lease, () => this.#mail(mail));
    }
    this.#mailedTenantId = due.at(-1)?.tenantId ?? this.#mailedTenantId;
    return due.length === MAILS_AT_A_TIME;
  }

  /** Begins calls to webhooks that are not busy; each end wakes this again. */
  async #makeCalls(lease: LaneLease): Promise<boolean> {
    const { outbox, clock, settings } = this.#deps;
    const free = settings.parallelWebhooks - this.#calling.size;
    if (free <= 0) return false;
    const busy = [...this.#calling.keys()];
    const nowMs = clock.nowMs();
    const query = { nowMs, limit: free, busy, perTenant: settings.parallelWebhooksPerTenant };
    const due = await outbox.dueCalls(query);
    for (const call of due) {
      if (!this.#maySend(lease)) return false;
      const calling = this.#deliver(call, lease, () => this.#call(call))
        .catch((error: unknown) => this.#deps.logger.warn('notification.callFailed', { error }))
        .finally(() => {
          this.#calling.delete(call.webhookId);
          this.#callWork.set();
        });
      this.#calling.set(call.webhookId, calling);
    }
    return false;
  }

  /** Whether what was asked for under this lease may still be sent. */
  #maySend(lease: LaneLease): boolean {
    return !this.#stopping.signal.aborted && this.#lease === lease && this.#keeper.isCurrent();
  }

  async #mail(mail: DueMail): Promise<Attempt> {
    const { sendMail } = this.#deps;
    if (sendMail === null) return { outcome: 'skipped', detail: 'no mail server' };
    const { subject, text } = this.#contentOf(mail);
    const to = { name: mail.receiver, address: mail.address };
    const { deliveryId, voice: fromName } = mail;
    return sendMail({ deliveryId, to, fromName, subject, text }, this.#cutOff.signal);
  }

  async #call(call: DueCall): Promise<Attempt> {
    const { deliveryId, address: url, secret } = call;
    const payload = this.#contentOf(call).payload ?? {};
    return this.#deps.sendWebhook({ deliveryId, url, secret, payload }, this.#cutOff.signal);
  }

  #contentOf({ purpose, content, deliveryId, language }: DueDelivery) {
    const { clock, publicUrl } = this.#deps;
    if (purpose !== 'test') return content;
    return testMessage(deliveryId, { nowMs: clock.nowMs(), language, publicUrl });
  }

  /** One attempt and its outcome in the store; nobody else goes on before it has ended. */
  #deliver(due: DueDelivery, lease: LaneLease, send: () => Promise<Attempt>): Promise<void> {
    const delivering = this.#attempt(due, lease, send).finally(() =>
      this.#underWay.delete(delivering),
    );
    this.#underWay.add(delivering);
    return delivering;
  }

  async #attempt(due: DueDelivery, lease: LaneLease, send: () => Promise<Attempt>): Promise<void> {
    const { clock } = this.#deps;
    const atMs = clock.nowMs();
    const startedMs = clock.monotonicMs();
    const attempt: Attempt =
      due.obsolete === null ? await send() : { outcome: 'skipped', detail: due.obsolete };
    await this.#settle(due, attempt, { lease, atMs, tookMs: clock.monotonicMs() - startedMs });
  }

  /** Tries until the outcome is in the store: a message whose outcome is lost is sent again. */
  async #settle(
    due: DueDelivery,
    attempt: Attempt,
    begun: { readonly lease: LaneLease; readonly atMs: number; readonly tookMs: number },
  ): Promise<void> {
    const { outbox, clock, logger, metrics } = this.#deps;
    const retry = this.#retryOf(due, attempt);
    const { lease, ...times } = begun;
    const { epoch } = lease;
    const settled = { delivery: due, epoch, ...times, ...attempt, retryAtMs: retry };
    for (
      let pauseMs = SETTLE_RETRY_FIRST_MS;
      ;
      pauseMs = Math.min(pauseMs * 2, SETTLE_RETRY_MOST_MS)
    ) {
      try {
        const { outcome, alertChanged } = await outbox.settle(settled);
        if (outcome === 'lost') this.#lost(due, lease);
        if (alertChanged) this.#deps.onAlertsChanged(due.tenantId);
        break;
      } catch (error) {
        metrics.settleFailures.inc();
        logger.warn('notification.settleFailed', { deliveryId: due.deliveryId, error });
        await clock.sleep(pauseMs, this.#cutOff.signal);
      }
    }
    this.#count(due, attempt, retry);
  }

  #retryOf(due: DueDelivery, { outcome }: Attempt): number | null {
    if (outcome !== 'failed') return null;
    const { clock, random, settings } = this.#deps;
    const delaysMs = settings.retryDelaysMs;
    return retryAtMs(due.attempts + 1, { nowMs: clock.nowMs(), delaysMs, random });
  }

  /** The outcome was not ours to write: another process has delivered since. */
  #lost({ deliveryId }: DueDelivery, lease: LaneLease): void {
    this.#deps.logger.warn('notification.outcomeLost', { deliveryId });
    this.#keeper.lose(lease, 'fenced');
  }

  #count(due: DueDelivery, { outcome, detail }: Attempt, retry: number | null): void {
    const { metrics, logger } = this.#deps;
    metrics.attempt(due.channel, outcome);
    if (outcome === 'skipped') metrics.skipped(detail, 1);
    const fields = { deliveryId: due.deliveryId, tenantId: due.tenantId, channel: due.channel };
    logger.debug('notification.attempted', { ...fields, outcome });
    if (retry !== null || (outcome !== 'failed' && outcome !== 'refused')) return;
    metrics.dead(due.channel);
    logger.warn('notification.gaveUp', { ...fields, outcome });
  }

  /** Also while another process delivers: everybody tells the same. */
  #measure(): void {
    this.#measuring ??= this.#look()
      .catch((error: unknown) => this.#deps.logger.warn('notification.outboxUnknown', { error }))
      .finally(() => (this.#measuring = null));
  }

  async #look(): Promise<void> {
    const { outbox, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const { waiting, oldestDueMs } = await outbox.state(nowMs);
    const oldestDueS = oldestDueMs === null ? 0 : Math.max(0, (nowMs - oldestDueMs) / 1_000);
    this.#state = { waiting, oldestDueS };
  }
}
