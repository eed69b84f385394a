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
  readonly createdMs: number;
}

/** Puts messages into the outbox; one that is there already stays as it is. Answers how many were new. */
export async function addDeliveries(
  system: SystemScope,
  deliveries: readonly NewDelivery[],
): Promise<number> {
  if (deliveries.length === 0) return 0;
  const result = await sql`
    insert into followme.delivery
      (id, tenant_id, dedupe_key, alert_id, rule_id, purpose, channel, user_id, webhook_id, address, content,
       not_before, while_open, created_at)
    select "deliveryId", "tenantId", "dedupeKey", "alertId", "ruleId", purpose, channel, "userId",
           "webhookId", address, content, followme.from_epoch_ms("notBeforeMs"), "whileOpen",
           followme.from_epoch_ms("createdMs")
      from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as d (
        "deliveryId" uuid, "tenantId" int, "dedupeKey" text, "alertId" int, "ruleId" int, purpose text,
        channel text, "userId" int, "webhookId" int, address text, content jsonb, "notBeforeMs" float8,
        "whileOpen" boolean, "createdMs" float8)
    on conflict do nothing
  `.execute(system.db);
  return Number(result.numAffectedRows ?? 0n);
}
