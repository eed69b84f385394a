import { err, ok, type Result, type WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRules } from '../rule/bump-rules.ts';
import {
  newWebhookSecret,
  webhookColumns,
  type Webhook,
  type WebhookNotFound,
  type WebhookWithSecret,
} from './webhook.ts';

/** Gives a webhook another secret; every message sent from then on is signed with it. */
export async function renewWebhookSecret(
  tenant: TenantScope,
  webhookId: WebhookId,
): Promise<Result<WebhookWithSecret, WebhookNotFound>> {
  await bumpRules(tenant);
  const secret = newWebhookSecret();
  const { rows } = await sql<Webhook>`
    update followme.webhook w set secret = ${secret}
     where w.tenant_id = ${tenant.tenantId} and w.id = ${webhookId} and w.deleted_at is null
    returning ${webhookColumns}
  `.execute(tenant.db);
  const [webhook] = rows;
  return webhook === undefined
    ? err({ code: 'WEBHOOK_NOT_FOUND', webhookId })
    : ok({ webhook, secret });
}
