import type { GroupId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/**
 * Trackers came into these groups or left them: when a present fence is for one of the groups, the tenant
 * gets its next fences version, so that every lane looks again whom its fences are for. Call it in the
 * transaction of the change.
 */
export async function followGroupTrackers(
  tenant: TenantScope,
  groupIds: readonly GroupId[],
): Promise<void> {
  if (groupIds.length === 0) return;
  await sql`
    update followme.tenant t set fences_version = fences_version + 1
     where t.id = ${tenant.tenantId}
       and exists (select from followme.fence_version v
                    where v.tenant_id = ${tenant.tenantId} and v.to_version is null
                      and v.group_ids is not null and v.group_ids && ${[...groupIds]}::int[])
  `.execute(tenant.db);
}
