import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { midnightBefore } from './day-limit.ts';

/** Which forms of fences to purge. */
export interface PurgeQuery {
  /** Lanes of the installation: while one was never owned, it may need every form. */
  readonly lanes: number;
  /** The forms of fences deleted more days before today go as well; until then whoever lists changes hears of them. */
  readonly keepDays: number;
  readonly limit: number;
}

/**
 * Deletes up to `limit` old forms of fences that no lane of the operator can ask for any more: each has committed a
 * version in which another form took their place, and lanes only go forward. Answers how many went.
 */
export async function purgeFenceVersions(system: SystemScope, query: PurgeQuery): Promise<number> {
  const { numAffectedRows } = await sql`
    with passed as (
      select t.id as tenant_id, min(coalesce(stands.fences_version, 0)) as version
        from followme.tenant t
       cross join followme.lane_progress lane
        left join followme.geofence_lane_fences stands
          on stands.lane = lane.lane and stands.tenant_id = t.id
       where lane.consumer = 'geofence'
       group by t.id
      having count(*) >= ${query.lanes}
    ), past as (
      select form.fence_id, form.from_version
        from passed
       cross join lateral (
         select v.fence_id, v.from_version from followme.fence_version v
          where v.tenant_id = passed.tenant_id and v.to_version <= passed.version
            and exists (
              select from followme.fence f
               where f.tenant_id = v.tenant_id and f.id = v.fence_id
                 and (f.deleted_at is null or f.deleted_at < ${midnightBefore(query.keepDays)}))
          order by v.to_version
          limit ${query.limit}) form
       limit ${query.limit}
    )
    delete from followme.fence_version v using past
     where v.fence_id = past.fence_id and v.from_version = past.from_version
  `.execute(system.db);
  return Number(numAffectedRows ?? 0n);
}
