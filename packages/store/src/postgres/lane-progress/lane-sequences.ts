import type { Lane, LogSequence } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import type { Consumer } from './lanes.ts';

/** How far a consumer has come in one lane. */
export interface LaneSequences {
  readonly consumer: Consumer;
  readonly lane: Lane;
  readonly committedSequence: LogSequence;
  /** For the recorder: up to where the last states are written; the log is kept from behind it. */
  readonly stateSequence: LogSequence;
}

/** Progress of all consumers in all lanes: what the log may trim, and what `doctor` shows. */
export async function laneSequences(system: SystemScope): Promise<readonly LaneSequences[]> {
  const { rows } = await sql<LaneSequences>`
    select consumer, lane, committed_seq::float8 as "committedSequence",
           state_seq::float8 as "stateSequence"
      from followme.lane_progress
     order by consumer, lane
  `.execute(system.db);
  return rows;
}
