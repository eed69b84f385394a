import type { TrackerId, UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/**
 * The trackers a person may see: all of the tenant, or those of their groups, in service or not (their
 * history stays visible). Nobody for a person who is unknown or disabled.
 */
export async function visibleTrackerIds(
  tenant: TenantScope,
  userId: UserId,
): Promise<'all' | ReadonlySet<TrackerId>> {
  const { rows } = await sql<{ seesAll: boolean; trackerIds: TrackerId[] }>`
    select u.sees_all as "seesAll",
           case when u.sees_all then '{}' else
             array(select g.tracker_id
                     from followme.user_group_member m
                     join followme.group_tracker g using (tenant_id, group_id)
                    where m.tenant_id = u.tenant_id and m.user_id = u.id)
           end as "trackerIds"
      from followme.app_user u
     where u.tenant_id = ${tenant.tenantId} and u.id = ${userId} and u.disabled_at is null
  `.execute(tenant.db);
  const [user] = rows;
  if (user === undefined) return new Set();
  return user.seesAll ? 'all' : new Set(user.trackerIds);
}
