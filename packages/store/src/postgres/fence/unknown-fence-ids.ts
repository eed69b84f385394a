import type { FenceId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** Those of `fenceIds` that are no fence of the tenant, or a deleted one, ascending. */
export async function unknownFenceIds(
  tenant: TenantScope,
  fenceIds: readonly FenceId[],
): Promise<readonly FenceId[]> {
  if (fenceIds.length === 0) return [];
  const { rows } = await sql<{ fenceId: FenceId }>`
    select asked.id as "fenceId" from unnest(${[...fenceIds]}::int[]) asked (id)
     where not exists (select from followme.fence f
                        where f.tenant_id = ${tenant.tenantId} and f.id = asked.id
                          and f.deleted_at is null)
     order by 1
  `.execute(tenant.db);
  return rows.map(({ fenceId }) => fenceId);
}
