import type { Lane } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/**
 * Makes last states good after an owner died between two writes of them: in lanes whose positions are
 * ahead of their last states, each tracker takes its newest position. Every tracker that has positions has
 * a last state (its first is written with its first position), so those rows are where to look; only
 * partitions from there on are read. Then `state_seq` may say what `committed_seq` says.
 */
export async function repairLastStates(
  system: SystemScope,
  lanes: readonly Lane[],
): Promise<number> {
  const result = await sql`
    with behind as materialized (
      select lane from followme.lane_progress
       where consumer = 'recorder' and lane = any(${[...lanes]}::int2[]) and state_seq < committed_seq
    ), newest as (
      select p.*
        from followme.tracker_last l
       cross join lateral (
             select * from followme.position p
              where p.tracker_id = l.tracker_id and p.fix_time >= l.fix_time
              order by p.fix_time desc, p.received_time desc
              limit 1) p
       where l.lane in (select lane from behind)
    ), marked as (
      update followme.lane_progress set state_seq = committed_seq
       where consumer = 'recorder' and lane in (select lane from behind)
    )
    update followme.tracker_last last
       set (tenant_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code,
            speed_mps, heading_deg, altitude_m, accuracy_m, battery_pct, satellites, attributes)
         = (n.tenant_id, n.fix_time, n.content_hash, n.received_time, n.lon, n.lat, n.flags, n.alarm,
            n.event_code, n.speed_mps, n.heading_deg, n.altitude_m, n.accuracy_m, n.battery_pct,
            n.satellites, n.attributes)
      from newest n
     where last.tracker_id = n.tracker_id
       and (n.fix_time, n.received_time) > (last.fix_time, last.received_time)
  `.execute(system.db);
  return Number(result.numAffectedRows ?? 0);
}
