import type { Lane, LogSequence, TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../port.ts';
import { foldMarks } from './fold-marks.ts';
import type { LoadedLane, TrackerFenceState } from './port.ts';

/**
 * A lane as it stands. The lock on its progress keeps commits and changes of owner out until the
 * transaction ends, so all statements see the same moment.
 * @throws Error when nobody ever owned the lane.
 */
export async function loadLane(system: SystemScope, lane: Lane): Promise<LoadedLane> {
  const progress = await sql<{ epoch: number; committedSequence: LogSequence }>`
    select epoch::float8 as epoch, committed_seq::float8 as "committedSequence"
      from followme.lane_progress
     where consumer = 'geofence' and lane = ${lane}
       for update
  `.execute(system.db);
  const [place] = progress.rows;
  if (place === undefined) throw new Error(`Lane ${lane} was never owned`);
  await foldMarks(system, lane);
  const versions = await sql<{ tenantId: TenantId; version: number }>`
    select tenant_id as "tenantId", fences_version::float8 as version
      from followme.geofence_lane_fences where lane = ${lane}
  `.execute(system.db);
  const states = await sql<TrackerFenceState>`
    select tenant_id as "tenantId", tracker_id as "trackerId", event_seq::float8 as "eventSeq",
           last_fix_time_ms as "lastFixTimeMs", lon_e7 as "lonE7", lat_e7 as "latE7", inside
      from followme.geofence_tracker_state where lane = ${lane}
  `.execute(system.db);
  return {
    lane,
    ...place,
    fencesVersions: new Map(versions.rows.map(({ tenantId, version }) => [tenantId, version])),
    states: states.rows,
  };
}
