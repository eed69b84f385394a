import { err, ok, type Result, type WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRules } from '../rule/bump-rules.ts';
import { webhookColumns, type Webhook, type WebhookNotFound } from './webhook.ts';

/** What to change; what is not named stays. */
export interface WebhookChange {
  readonly name?: string;
  readonly url?: string;
  readonly enabled?: boolean;
}

/** Changes a webhook; what waits for it goes to its new address. The address was checked by the caller. */
export async function updateWebhook(
  tenant: TenantScope,
  webhookId: WebhookId,
  change: WebhookChange,
): Promise<Result<Webhook, WebhookNotFound>> {
  await bumpRules(tenant);
  const { rows } = await sql<Webhook>`
    update followme.webhook w
       set name = coalesce(${change.name ?? null}, w.name), url = coalesce(${change.url ?? null}, w.url),
           enabled = coalesce(${change.enabled ?? null}::boolean, w.enabled)
     where w.tenant_id = ${tenant.tenantId} and w.id = ${webhookId} and w.deleted_at is null
    returning ${webhookColumns}
  `.execute(tenant.db);
  return rows[0] === undefined ? err({ code: 'WEBHOOK_NOT_FOUND', webhookId }) : ok(rows[0]);
}
