import type { GroupId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** Those of `groupIds` that are no group of the tenant, ascending. */
export async function unknownGroupIds(
  tenant: TenantScope,
  groupIds: readonly GroupId[],
): Promise<readonly GroupId[]> {
  if (groupIds.length === 0) return [];
  const { rows } = await sql<{ groupId: GroupId }>`
    select asked.id as "groupId" from unnest(${[...groupIds]}::int[]) asked (id)
     where not exists (select from followme.user_group g
                        where g.tenant_id = ${tenant.tenantId} and g.id = asked.id)
     order by 1
  `.execute(tenant.db);
  return rows.map(({ groupId }) => groupId);
}
