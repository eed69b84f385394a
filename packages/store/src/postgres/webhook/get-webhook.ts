import type { WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { webhookColumns, type Webhook } from './webhook.ts';

/** A webhook, or null when the tenant has none of this id. */
export async function getWebhook(
  tenant: TenantScope,
  webhookId: WebhookId,
): Promise<Webhook | null> {
  const { rows } = await sql<Webhook>`
    select ${webhookColumns} from followme.webhook w
     where w.tenant_id = ${tenant.tenantId} and w.id = ${webhookId} and w.deleted_at is null
  `.execute(tenant.db);
  return rows[0] ?? null;
}
