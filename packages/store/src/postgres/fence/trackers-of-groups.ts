import type { GroupId, TenantId, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** The trackers of these groups of a tenant as they are now; a group without trackers is not in it. */
export async function trackersOfGroups(
  system: SystemScope,
  tenantId: TenantId,
  groupIds: ReadonlySet<GroupId>,
): Promise<ReadonlyMap<GroupId, ReadonlySet<TrackerId>>> {
  if (groupIds.size === 0) return new Map();
  const { rows } = await sql<{ groupId: GroupId; trackerIds: TrackerId[] }>`
    select group_id as "groupId", array_agg(tracker_id) as "trackerIds"
      from followme.group_tracker
     where tenant_id = ${tenantId} and group_id = any(${[...groupIds]}::int[])
     group by group_id
  `.execute(system.db);
  return new Map(rows.map(({ groupId, trackerIds }) => [groupId, new Set(trackerIds)]));
}
