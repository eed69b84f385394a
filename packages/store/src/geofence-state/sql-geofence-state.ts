/**
 * The geofence operator's memory in the database.
 *
 * Most fixes change no membership, yet the time and place of the last one must be exact after a crash: a
 * row written per fix would cost more than all the rest. So a commit writes the trackers whose membership
 * changed as rows, and the others packed into one row of marks. Marks are folded into the rows every
 * `FOLD_AFTER_COMMITS` commits of a lane and when it is loaded. The commit's number in its lane says which of
 * two is newer.
 */
import type { FenceEvent, Lane } from '@followme/model';
import { sql } from 'kysely';
import type { Store, SystemScope } from '../port.ts';
import { eventColumns } from '../postgres/event/event-columns.ts';
import { advanceLanes } from '../postgres/lane-progress/advance-lanes.ts';
import { foldMarks } from './fold-marks.ts';
import { loadLane } from './load-lane.ts';
import type { GeofenceStatePort, LaneCommit, LaneCommitOutcome } from './port.ts';
import { wavesOf } from './waves.ts';
import { writeCommits, type NumberedCommit } from './write-commits.ts';

export interface SqlGeofenceStateDeps {
  readonly store: Store;
}

/** At 25 commits/s and lane, marks are folded every 2.5 s: a load then has at most 63 rows to unpack. */
const FOLD_AFTER_COMMITS = 64;

/** Lanes fold at different commits, so that one transaction does not fold all of them. */
function isFoldDue(lane: Lane, commitNo: number): boolean {
  return (commitNo + lane * 4) % FOLD_AFTER_COMMITS === 0;
}

async function commitAll(
  system: SystemScope,
  commits: readonly LaneCommit[],
): Promise<readonly LaneCommitOutcome[]> {
  const outcomes: LaneCommitOutcome[] = commits.map(() => 'fenced');
  for (const wave of wavesOf(commits)) {
    const numbers = await advanceLanes(
      system.client,
      'geofence',
      wave.map(({ commit }) => commit),
    );
    const numbered: NumberedCommit[] = [];
    for (const { place, commit } of wave) {
      const commitNo = numbers.get(commit.lane);
      if (commitNo === undefined) continue;
      outcomes[place] = 'committed';
      numbered.push({ commitNo, commit });
    }
    await writeCommits(system, numbered);
    const due = numbered.filter(({ commit, commitNo }) => isFoldDue(commit.lane, commitNo));
    for (const { commit } of due) await foldMarks(system, commit.lane);
  }
  return outcomes;
}

/** The operator's memory over a store. */
export function createSqlGeofenceState(deps: SqlGeofenceStateDeps): GeofenceStatePort {
  const { store } = deps;
  return {
    load: (lane) => store.asSystem((system) => loadLane(system, lane)),
    commit: (commits) => store.asSystem((system) => commitAll(system, commits)),
    async unsent(lanes, limit) {
      const { rows } = await store.asSystem((system) =>
        sql<FenceEvent>`
          select ${eventColumns} from followme.fence_event e
           where e.lane = any(${[...lanes]}::int2[]) and not e.sent
           order by e.tracker_id, e.event_seq
           limit ${limit}
        `.execute(system.db),
      );
      return rows;
    },
    async markSent(eventIds) {
      await store.asSystem((system) =>
        sql`
          update followme.fence_event set sent = true
           where event_id = any(${[...eventIds]}::uuid[]) and not sent
        `.execute(system.db),
      );
    },
  };
}
