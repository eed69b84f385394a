/**
 * All that raising knows of the database: where lanes begin, and one transaction that moves offsets, writes cards
 * and puts messages into the outbox. Narrow on purpose: what decides stays outside and runs over a memory too.
 */
import type {
  AlertId,
  Lane,
  LogSequence,
  TenantId,
  TrackerId,
  UserId,
  WebhookId,
} from '@followme/model';
import type {
  AddedDeliveries,
  CardToWrite,
  LaneStretch,
  MailReceiver,
  NewDelivery,
  RaisedAlert,
  RaisingTracker,
  TenantRules,
  TenantVoice,
  WebhookReceiver,
} from '@followme/store';

/** Which input of the service; each keeps its own offsets. */
export type Input = 'crossings' | 'alarms';

/** What may be asked and written inside one transaction. All of it is there afterwards, or nothing. */
export interface RaisingTransaction {
  /**
   * Moves the offsets of lanes that are still the asker's by epoch and stand where the stretch begins. Answers
   * those that moved; nothing of the others may be written.
   */
  advance(input: Input, stretches: readonly LaneStretch[]): Promise<ReadonlySet<Lane>>;
  /** Trackers in service of these ids, with the groups they are in now. */
  trackers(trackerIds: readonly TrackerId[]): Promise<readonly RaisingTracker[]>;
  /** The enabled rules of these tenants; `known` is taken where it is not older. */
  rules(
    tenantIds: readonly TenantId[],
    known: ReadonlyMap<TenantId, TenantRules>,
  ): Promise<ReadonlyMap<TenantId, TenantRules>>;
  /** Nobody else raises or answers alerts of these tenants until the transaction ends. */
  holdAlerts(tenantIds: readonly TenantId[]): Promise<void>;
  /** The card of each key that the next occurrence is for; none for a key that never had one. */
  newestCards(
    wanted: readonly { readonly tenantId: TenantId; readonly key: string }[],
  ): Promise<readonly RaisedAlert[]>;
  /** Writes cards and their history; answers the id of each, in order. */
  writeCards(cards: readonly CardToWrite[]): Promise<readonly AlertId[]>;
  mailReceivers(userIds: readonly UserId[]): Promise<readonly MailReceiver[]>;
  webhookReceivers(webhookIds: readonly WebhookId[]): Promise<readonly WebhookReceiver[]>;
  voices(tenantIds: readonly TenantId[]): Promise<readonly TenantVoice[]>;
  /** Puts messages into the outbox; one whose id is there already stays as it is. */
  addDeliveries(deliveries: readonly NewDelivery[]): Promise<AddedDeliveries>;
}

export interface RaisingStore {
  /** Says where an input begins in lanes it has never read; where it has, its offset stays. */
  beginLanes(
    input: Input,
    places: readonly { readonly lane: Lane; readonly sequence: LogSequence }[],
  ): Promise<void>;
  /**
   * Runs `work` in one transaction. It may be run again when it certainly did not commit, so it changes nothing
   * outside. @throws what `work` throws, or the store: then nothing was written, or all was and the answer was lost.
   */
  transact<T>(work: (transaction: RaisingTransaction) => Promise<T>): Promise<T>;
}
