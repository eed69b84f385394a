import { err, ok, type Result, type WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRules } from '../rule/bump-rules.ts';
import type { WebhookNotFound } from './webhook.ts';

/** Takes a webhook away: nothing more is sent to it, also nothing that waits. */
export async function deleteWebhook(
  tenant: TenantScope,
  webhookId: WebhookId,
): Promise<Result<void, WebhookNotFound>> {
  await bumpRules(tenant);
  const { rows } = await sql`
    update followme.webhook set deleted_at = now()
     where tenant_id = ${tenant.tenantId} and id = ${webhookId} and deleted_at is null
    returning 1
  `.execute(tenant.db);
  return rows.length === 0 ? err({ code: 'WEBHOOK_NOT_FOUND', webhookId }) : ok(undefined);
}
