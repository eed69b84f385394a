import { randomUUID } from 'node:crypto';
import { err, ok, type Result, type UserId, type WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { WebhookNotFound } from '../webhook/webhook.ts';
import type { DeliveryContent } from './delivery.ts';

/** To whom a message goes that only shows that messages arrive. */
export type TestReceiver =
  | { readonly channel: 'email'; readonly userId: UserId }
  | { readonly channel: 'webhook'; readonly webhookId: WebhookId };

/** There is no such person, or they may not log in. */
export interface ReceiverNotFound {
  readonly code: 'USER_NOT_FOUND';
  readonly userId: UserId;
}

/** What is shown in lists; the words of the message itself are written when it is sent. */
const CONTENT: DeliveryContent = { subject: 'Test', text: '', payload: null };

/** Puts a test message into the outbox; answers the id of its delivery. */
export async function createTestDelivery(
  tenant: TenantScope,
  request: { readonly to: TestReceiver; readonly nowMs: number },
): Promise<Result<string, ReceiverNotFound | WebhookNotFound>> {
  const { to } = request;
  const id = randomUUID();
  const now = new Date(request.nowMs);
  const isMail = to.channel === 'email';
  const receiver = isMail
    ? sql`select id, email as address from followme.app_user
           where tenant_id = ${tenant.tenantId} and id = ${to.userId} and disabled_at is null`
    : sql`select id, url as address from followme.webhook
           where tenant_id = ${tenant.tenantId} and id = ${to.webhookId} and deleted_at is null`;
  const { rows } = await sql`
    insert into followme.delivery
      (id, tenant_id, dedupe_key, purpose, channel, user_id, webhook_id, address, content, not_before, created_at)
    select ${id}::uuid, ${tenant.tenantId}, ${`test:${id}`}, 'test', ${to.channel},
           case when ${isMail} then receiver.id end, case when not ${isMail} then receiver.id end,
           receiver.address, ${JSON.stringify(CONTENT)}::jsonb, ${now}, ${now}
      from (${receiver}) receiver
    returning 1
  `.execute(tenant.db);
  if (rows.length > 0) return ok(id);
  return isMail
    ? err({ code: 'USER_NOT_FOUND', userId: to.userId })
    : err({ code: 'WEBHOOK_NOT_FOUND', webhookId: to.webhookId });
}
