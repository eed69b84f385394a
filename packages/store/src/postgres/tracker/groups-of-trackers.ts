import type { GroupId, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** The groups each of these trackers is in, or was in when it was taken out of service. */
export async function groupsOfTrackers(
  tenant: TenantScope,
  trackerIds: readonly TrackerId[],
): Promise<ReadonlyMap<TrackerId, readonly GroupId[]>> {
  if (trackerIds.length === 0) return new Map();
  const { rows } = await sql<{ trackerId: TrackerId; groupIds: GroupId[] }>`
    select tracker_id as "trackerId", array_agg(group_id order by group_id) as "groupIds"
      from followme.group_tracker
     where tenant_id = ${tenant.tenantId} and tracker_id = any(${[...trackerIds]}::int[])
     group by tracker_id
  `.execute(tenant.db);
  return new Map(rows.map(({ trackerId, groupIds }) => [trackerId, groupIds]));
}
