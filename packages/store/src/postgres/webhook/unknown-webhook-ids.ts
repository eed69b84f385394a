import type { WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** Those of `webhookIds` that are no webhook of the tenant, or a deleted one, ascending. */
export async function unknownWebhookIds(
  tenant: TenantScope,
  webhookIds: readonly WebhookId[],
): Promise<readonly WebhookId[]> {
  if (webhookIds.length === 0) return [];
  const { rows } = await sql<{ webhookId: WebhookId }>`
    select asked.id as "webhookId" from unnest(${[...webhookIds]}::int[]) asked (id)
     where not exists (select from followme.webhook w
                        where w.tenant_id = ${tenant.tenantId} and w.id = asked.id
                          and w.deleted_at is null)
     order by 1
  `.execute(tenant.db);
  return rows.map(({ webhookId }) => webhookId);
}
