import type { Lane, LogSequence, Position } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { positionColumns, positionOf, type PositionRecord } from '../position/position-columns.ts';

/** The newest known position of every tracker, and from where in the log to go on. */
export interface LastStates {
  readonly states: readonly Position[];
  /** Per lane the sequence whose effect is in `states` for certain; read on behind it. */
  readonly stateSequences: ReadonlyMap<Lane, LogSequence>;
}

/**
 * Last states of all tenants. The sequences are read first: states may be newer than they say, and what
 * the log then repeats is not newer than the state and changes nothing.
 */
export async function loadLastStates(system: SystemScope): Promise<LastStates> {
  const sequences = await sql<{ lane: Lane; sequence: LogSequence }>`
    select lane, state_seq::float8 as sequence from followme.lane_progress where consumer = 'recorder'
  `.execute(system.db);
  const { rows } = await sql<PositionRecord>`
    select ${positionColumns} from followme.tracker_last p
  `.execute(system.db);
  return {
    states: rows.map(positionOf),
    stateSequences: new Map(sequences.rows.map(({ lane, sequence }) => [lane, sequence])),
  };
}
