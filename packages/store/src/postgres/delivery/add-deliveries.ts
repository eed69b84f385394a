import type { AlertId, RuleId, TenantId, UserId, WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import type { DeliveryChannel, DeliveryContent, DeliveryPurpose } from './delivery.ts';

/** A message to put into the outbox. */
export interface NewDelivery {
  /** Follows from tenant and `dedupeKey`, so that making it again makes the same. */
  readonly deliveryId: string;
  readonly tenantId: TenantId;
  /** One occurrence, one channel, one receiver. */
  readonly dedupeKey: string;
  readonly alertId: AlertId;
  readonly ruleId: RuleId | null;
  readonly purpose: DeliveryPurpose;
  readonly channel: DeliveryChannel;
  readonly userId: UserId | null;
  readonly webhookId: WebhookId | null;
  readonly address: string;
  readonly content: DeliveryContent;
  readonly notBeforeMs: number;
  /** Nobody is told any more once the alert is answered. */
  readonly whileOpen: boolean;
  /** Goes before what is not. */
  readonly critical: boolean;
  readonly createdMs: number;
}

/** How many messages went into the outbox. */
export interface AddedDeliveries {
  /** Those that wait now. */
  readonly added: number;
  /** Those that are skipped, since too many of their tenant wait. */
  readonly skipped: number;
}

/** Most messages of one tenant that wait per channel, critical ones and others counted apart. */
const MAX_WAITING = 10_000;

/**
 * Puts messages into the outbox; one that is there already stays as it is. Beyond `maxWaiting` they are written
 * down as skipped, with the reason. The caller holds the tenants' alerts and has taken new revisions of the cards.
 */
export async function addDeliveries(
  system: SystemScope,
  deliveries: readonly NewDelivery[],
  maxWaiting = MAX_WAITING,
): Promise<AddedDeliveries> {
  if (deliveries.length === 0) return { added: 0, skipped: 0 };
  const { rows } = await sql<{ alertId: AlertId; tenantId: TenantId; isSkipped: boolean }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as d (
        "deliveryId" uuid, "tenantId" int, "dedupeKey" text, "alertId" int, "ruleId" int, purpose text,
        channel text, "userId" int, "webhookId" int, address text, content jsonb, "notBeforeMs" float8,
        "whileOpen" boolean, critical boolean, "createdMs" float8)
    ), waiting as (
      select k.*, (select count(*) from (
                     select from followme.delivery d
                      where d.tenant_id = k."tenantId" and d.channel = k.channel
                        and d.critical = k.critical and d.state = 'waiting' limit ${maxWaiting}) w) as count
        from (select distinct "tenantId", channel, critical from given) k
    ), placed as (
      select given.*, waiting.count + row_number() over (
               partition by "tenantId", channel, critical order by "notBeforeMs", "deliveryId")
               > ${maxWaiting} as is_over
        from given join waiting using ("tenantId", channel, critical)
    )
    insert into followme.delivery
      (id, tenant_id, dedupe_key, alert_id, rule_id, purpose, channel, user_id, webhook_id, address, content,
       not_before, while_open, critical, created_at, state, settled_at, last_detail)
    select "deliveryId", "tenantId", "dedupeKey", "alertId", "ruleId", purpose, channel, "userId",
           "webhookId", address, content, followme.from_epoch_ms("notBeforeMs"), "whileOpen", critical,
           followme.from_epoch_ms("createdMs"), case when is_over then 'skipped' else 'waiting' end,
           case when is_over then followme.from_epoch_ms("createdMs") end,
           case when is_over then 'too many waiting' end
      from placed
    on conflict do nothing
    returning tenant_id as "tenantId", alert_id as "alertId", state = 'skipped' as "isSkipped"
  `.execute(system.db);
  const skipped = rows.filter(({ isSkipped }) => isSkipped);
  await takeBackEscalations(system, skipped);
  return { added: rows.length - skipped.length, skipped: skipped.length };
}

/** A card whose escalation nobody will hear of does not announce one. */
async function takeBackEscalations(
  system: SystemScope,
  cards: readonly { readonly tenantId: TenantId; readonly alertId: AlertId }[],
): Promise<void> {
  if (cards.length === 0) return;
  await sql`
    update followme.alert a set escalates_at = null
      from unnest(${cards.map((c) => c.tenantId)}::int[], ${cards.map((c) => c.alertId)}::int[])
           as card (tenant_id, id)
     where a.tenant_id = card.tenant_id and a.id = card.id and a.escalates_at is not null
       and not exists (select from followme.delivery d
                        where d.tenant_id = a.tenant_id and d.alert_id = a.id
                          and d.purpose = 'escalation' and d.state = 'waiting')
  `.execute(system.db);
}
