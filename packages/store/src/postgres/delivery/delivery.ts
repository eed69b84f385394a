import type { AlertId, RuleId } from '@followme/model';
import { sql } from 'kysely';
import { onlyVisible, type VisibleTrackers } from '../alert/alert.ts';

/** How a message goes out. */
export type DeliveryChannel = 'email' | 'webhook';
/** `dead`: given up. `skipped`: it was never to be sent, `detail` says why. */
export type DeliveryState = 'waiting' | 'delivered' | 'dead' | 'skipped';
/** Why a message is sent. */
export type DeliveryPurpose = 'alert' | 'escalation' | 'test';

/** One message to one receiver. */
export interface Delivery {
  /** What the receiver dedupes by. */
  readonly deliveryId: string;
  readonly alertId: AlertId | null;
  readonly ruleId: RuleId | null;
  readonly purpose: DeliveryPurpose;
  readonly channel: DeliveryChannel;
  /** Name of the person or webhook. */
  readonly receiver: string;
  readonly address: string;
  readonly subject: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdTimeMs: number;
  /** Null when none follows. */
  readonly nextAttemptTimeMs: number | null;
  readonly settledTimeMs: number | null;
  /** What the last attempt said. */
  readonly detail: string | null;
}

/** How one attempt ended. `refused`: the receiver does not want it, now or later. */
export type AttemptOutcome = 'delivered' | 'failed' | 'refused' | 'skipped';

/** One attempt. */
export interface DeliveryAttempt {
  readonly timeMs: number;
  readonly tookMs: number;
  readonly outcome: AttemptOutcome;
  readonly detail: string | null;
}

/** What a message says: written when it is made, so that a repeat says the same. */
export interface DeliveryContent {
  readonly subject: string;
  /** The text of a mail; empty for webhooks. */
  readonly text: string;
  /** The body of a webhook's call; null for mail. */
  readonly payload: Readonly<Record<string, unknown>> | null;
}

/** The tenant has no such delivery. */
export interface DeliveryNotFound {
  readonly code: 'DELIVERY_NOT_FOUND';
  readonly deliveryId: string;
}

/** The columns of a `Delivery`, from `followme.delivery d`. */
export const deliveryColumns = sql`
  d.id as "deliveryId", d.alert_id as "alertId", d.rule_id as "ruleId", d.purpose, d.channel,
  coalesce(
    (select u.name from followme.app_user u where u.tenant_id = d.tenant_id and u.id = d.user_id),
    (select w.name from followme.webhook w where w.tenant_id = d.tenant_id and w.id = d.webhook_id),
    d.address) as receiver,
  d.address, d.content ->> 'subject' as subject, d.state, d.attempts,
  followme.epoch_ms(d.created_at) as "createdTimeMs",
  case when d.state = 'waiting' then followme.epoch_ms(d.not_before) end as "nextAttemptTimeMs",
  followme.epoch_ms(d.settled_at) as "settledTimeMs", d.last_detail as detail
`;

/** Narrows `followme.delivery d` to messages about cards that somebody may see; tests are about none. */
export function onlyOfVisible(visible: VisibleTrackers | undefined) {
  return visible === undefined || visible === 'all'
    ? sql``
    : sql`and exists (select from followme.alert a
                       where a.tenant_id = d.tenant_id and a.id = d.alert_id ${onlyVisible(visible)})`;
}
