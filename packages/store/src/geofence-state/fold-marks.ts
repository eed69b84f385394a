import type { Lane, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../port.ts';
import { decodeMarks, type Mark } from './marks.ts';

/**
 * Brings a lane's marks into the rows of its trackers, the newest of each, and removes them. The caller
 * holds the lane's progress row, so no commit adds marks meanwhile.
 */
export async function foldMarks(system: SystemScope, lane: Lane): Promise<void> {
  const taken = await sql<{ commitNo: number; marks: Buffer }>`
    with gone as (delete from followme.geofence_lane_marks where lane = ${lane} returning *)
    select commit_no::float8 as "commitNo", marks from gone order by commit_no
  `.execute(system.db);
  const newest = new Map<TrackerId, Mark & { readonly commitNo: number }>();
  for (const { commitNo, marks } of taken.rows) {
    for (const mark of decodeMarks(marks)) newest.set(mark.trackerId, { ...mark, commitNo });
  }
  if (newest.size === 0) return;
  const marks = [...newest.values()];
  // a tracker without a row was never inside of anything and has no events
  await sql`
    insert into followme.geofence_tracker_state as kept
           (tracker_id, tenant_id, lane, commit_no, event_seq, last_fix_time_ms, lon_e7, lat_e7, inside)
    select tracker_id, tenant_id, ${lane}, commit_no, 0, last_fix_time_ms, lon_e7, lat_e7, '{}'
      from unnest(${marks.map((m) => m.trackerId)}::int[], ${marks.map((m) => m.tenantId)}::int[],
                  ${marks.map((m) => m.commitNo)}::int8[], ${marks.map((m) => m.lastFixTimeMs)}::float8[],
                  ${marks.map((m) => m.lonE7)}::int[], ${marks.map((m) => m.latE7)}::int[])
           as mark (tracker_id, tenant_id, commit_no, last_fix_time_ms, lon_e7, lat_e7)
    on conflict (tracker_id) do update
       set commit_no = excluded.commit_no, last_fix_time_ms = excluded.last_fix_time_ms,
           lon_e7 = excluded.lon_e7, lat_e7 = excluded.lat_e7
     where excluded.commit_no > kept.commit_no
  `.execute(system.db);
}
