/** What commits of the geofence operator write, each kind for all lanes in one prepared statement. */
import type { SystemScope } from '../port.ts';
import { encodeMarks } from './marks.ts';
import type { LaneCommit } from './port.ts';

/** A commit whose lane is ours, with its number in the lane. */
export interface NumberedCommit {
  readonly commitNo: number;
  readonly commit: LaneCommit;
}

/** Writes everything of these commits but the offsets, which are moved already. At most one a lane. */
export async function writeCommits(
  system: SystemScope,
  commits: readonly NumberedCommit[],
): Promise<void> {
  await writeChangedStates(system, commits);
  await writeMarks(system, commits);
  await writeFencesVersions(system, commits);
  await writeEvents(system, commits);
}

async function writeChangedStates(
  { client }: SystemScope,
  commits: readonly NumberedCommit[],
): Promise<void> {
  const rows = commits.flatMap(({ commitNo, commit }) =>
    commit.states
      .filter((state) => commit.changed.has(state.trackerId))
      .map((state) => ({ commitNo, lane: commit.lane, state })),
  );
  if (rows.length === 0) return;
  await client.query({
    name: 'geofence-write-states',
    text: `
      insert into followme.geofence_tracker_state
             (tracker_id, tenant_id, lane, commit_no, event_seq, last_fix_time_ms, lon_e7, lat_e7, inside)
      select tracker_id, tenant_id, lane, commit_no, event_seq, last_fix_time_ms, lon_e7, lat_e7,
             inside::int[]
        from unnest($1::int[], $2::int[], $3::int2[], $4::int8[], $5::int8[], $6::float8[], $7::int[],
                    $8::int[], $9::text[])
             as state (tracker_id, tenant_id, lane, commit_no, event_seq, last_fix_time_ms, lon_e7,
                       lat_e7, inside)
      on conflict (tracker_id) do update
         set commit_no = excluded.commit_no, event_seq = excluded.event_seq,
             last_fix_time_ms = excluded.last_fix_time_ms, lon_e7 = excluded.lon_e7,
             lat_e7 = excluded.lat_e7, inside = excluded.inside`,
    values: [
      rows.map(({ state }) => state.trackerId),
      rows.map(({ state }) => state.tenantId),
      rows.map(({ lane }) => lane),
      rows.map(({ commitNo }) => commitNo),
      rows.map(({ state }) => state.eventSeq),
      rows.map(({ state }) => state.lastFixTimeMs),
      rows.map(({ state }) => state.lonE7),
      rows.map(({ state }) => state.latE7),
      rows.map(({ state }) => `{${state.inside.join(',')}}`),
    ],
  });
}

async function writeMarks(
  { client }: SystemScope,
  commits: readonly NumberedCommit[],
): Promise<void> {
  const rows = commits
    .map(({ commitNo, commit }) => ({
      commitNo,
      lane: commit.lane,
      stayed: commit.states.filter((state) => !commit.changed.has(state.trackerId)),
    }))
    .filter(({ stayed }) => stayed.length > 0);
  if (rows.length === 0) return;
  await client.query({
    name: 'geofence-write-marks',
    text: `
      insert into followme.geofence_lane_marks (lane, commit_no, marks)
      select * from unnest($1::int2[], $2::int8[], $3::bytea[])`,
    values: [
      rows.map(({ lane }) => lane),
      rows.map(({ commitNo }) => commitNo),
      rows.map(({ stayed }) => encodeMarks(stayed)),
    ],
  });
}

async function writeFencesVersions(
  { client }: SystemScope,
  commits: readonly NumberedCommit[],
): Promise<void> {
  const rows = commits.flatMap(({ commit }) =>
    // the last of a tenant counts, and one statement may write a row once
    [...new Map(commit.fencesVersions.map((entry) => [entry.tenantId, entry])).values()].map(
      (entry) => ({ lane: commit.lane, ...entry }),
    ),
  );
  if (rows.length === 0) return;
  await client.query({
    name: 'geofence-write-fences-versions',
    text: `
      insert into followme.geofence_lane_fences (lane, tenant_id, fences_version)
      select * from unnest($1::int2[], $2::int[], $3::int8[])
      on conflict (lane, tenant_id) do update set fences_version = excluded.fences_version`,
    values: [
      rows.map(({ lane }) => lane),
      rows.map(({ tenantId }) => tenantId),
      rows.map(({ version }) => version),
    ],
  });
}

/** A repeated id or number is an error and takes the whole transaction with it: states have come apart. */
async function writeEvents(
  { client }: SystemScope,
  commits: readonly NumberedCommit[],
): Promise<void> {
  const rows = commits.flatMap(({ commit }) =>
    commit.events.map((event) => ({ ...event, lane: commit.lane })),
  );
  if (rows.length === 0) return;
  await client.query({
    name: 'geofence-write-events',
    text: `
      insert into followme.fence_event
             (event_id, tenant_id, tracker_id, event_seq, fence_id, fence_name, fences_version, kind,
              reason, initial, fix_time, received_time, lon, lat, lane)
      select "eventId", "tenantId", "trackerId", "eventSeq", "fenceId", "fenceName", "fencesVersion", kind,
             reason, initial, followme.from_epoch_ms("fixTimeMs"),
             followme.from_epoch_ms("receivedTimeMs"), lon, lat, lane
        from jsonb_to_recordset($1::jsonb) as event
             ("eventId" uuid, "tenantId" int, "trackerId" int, "eventSeq" int8, "fenceId" int,
              "fenceName" text, "fencesVersion" int8, kind text, reason text, initial boolean,
              "fixTimeMs" float8, "receivedTimeMs" float8, lon float8, lat float8, lane int2)`,
    values: [JSON.stringify(rows)],
  });
}
