import { FLAG, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** Whose fixes, of fix times from `fromMs` to before `toMs`, and the box (degrees) that matters. */
export interface FixesNearQuery {
  readonly trackerIds: readonly TrackerId[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly box: {
    readonly minLon: number;
    readonly maxLon: number;
    readonly minLat: number;
    readonly maxLat: number;
  };
}

/** A fix that may mean something for what lies in the box. */
export interface FixNear {
  readonly trackerId: TrackerId;
  readonly fixTimeMs: number;
  readonly lon: number;
  readonly lat: number;
  /** Fixes of the tracker in the period up to this one; at its last fix, which is always here, all of them. */
  readonly seen: number;
}

/**
 * The fixes of trackers in and around a box, each tracker's in the order of time: those inside of it, the next one
 * after each, and the first and the last of each tracker. What is left out lies outside like the one before it.
 * Fixes that no fence is judged by (invalid, at 0° 0°, a second one of the same time) do not count. Reads only the
 * day partitions of the period, tracker by tracker by their primary key; costs the fixes of the period, so ask for
 * few trackers at once.
 */
export async function fixesNear(
  tenant: TenantScope,
  { trackerIds, fromMs, toMs, box }: FixesNearQuery,
): Promise<readonly FixNear[]> {
  const { minLon, maxLon, minLat, maxLat } = box;
  const { rows } = await sql<FixNear>`
    select k.tracker_id as "trackerId", f.fix_ms as "fixTimeMs", f.lon, f.lat, f.seen
      from unnest(${[...trackerIds]}::int[]) as k (tracker_id)
     cross join lateral (
       select followme.epoch_ms(m.fix_time) as fix_ms, m.lon, m.lat, m.seen
         from (
           select d.fix_time, d.lon, d.lat, d.is_near,
                  (row_number() over times)::int as seen,
                  lag(d.is_near) over times as was_near,
                  lead(d.is_near) over times is null as is_last
             from (
               select p.fix_time, p.lon, p.lat,
                      p.lon between ${minLon}::float8 and ${maxLon}::float8
                        and p.lat between ${minLat}::float8 and ${maxLat}::float8 as is_near,
                      lag(p.fix_time) over (order by p.fix_time, p.content_hash) as time_before
                 from followme.position p
                where p.tenant_id = ${tenant.tenantId} and p.tracker_id = k.tracker_id
                  and p.fix_time >= ${new Date(fromMs)} and p.fix_time < ${new Date(toMs)}
                  and p.flags & ${FLAG.valid}::int2 <> 0 and not (p.lon = 0 and p.lat = 0)
             ) d
            where d.time_before is distinct from d.fix_time
           window times as (order by d.fix_time)
         ) m
        where m.is_near or m.was_near is distinct from false or m.is_last
     ) f
     order by k.tracker_id, f.fix_ms
  `.execute(tenant.db);
  return rows;
}
