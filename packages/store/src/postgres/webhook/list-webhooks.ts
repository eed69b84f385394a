import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { webhookColumns, type Webhook } from './webhook.ts';

/** The tenant's webhooks, by name. */
export async function listWebhooks(tenant: TenantScope): Promise<readonly Webhook[]> {
  const { rows } = await sql<Webhook>`
    select ${webhookColumns} from followme.webhook w
     where w.tenant_id = ${tenant.tenantId} and w.deleted_at is null
     order by w.name, w.id
  `.execute(tenant.db);
  return rows;
}
