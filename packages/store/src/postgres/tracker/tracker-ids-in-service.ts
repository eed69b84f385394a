import type { GroupId, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** The trackers of the tenant that are in service, ascending; with groups those of at least one of them. */
export async function trackerIdsInService(
  tenant: TenantScope,
  groupIds: readonly GroupId[] | null,
): Promise<readonly TrackerId[]> {
  const members =
    groupIds === null
      ? sql``
      : sql`and exists (select from followme.group_tracker g
                         where g.tenant_id = t.tenant_id and g.tracker_id = t.id
                           and g.group_id = any(${[...groupIds]}::int[]))`;
  const { rows } = await sql<{ trackerId: TrackerId }>`
    select t.id as "trackerId" from followme.tracker t
     where t.tenant_id = ${tenant.tenantId} and t.retired_at is null ${members}
     order by t.id
  `.execute(tenant.db);
  return rows.map(({ trackerId }) => trackerId);
}
