import type { Lane, LogSequence } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import type { Consumer } from './lanes.ts';

/** Who has a lane of a consumer, as people want to see it. */
export interface LaneOwner {
  readonly consumer: Consumer;
  readonly lane: Lane;
  /** Null when nobody has it. */
  readonly owner: string | null;
  readonly epoch: number;
  /** For how long the lease still holds, ms; below 0 it has run out, null when it does not run out. */
  readonly leaseLeftMs: number | null;
  readonly committedSequence: LogSequence;
}

/** Every lane of every consumer with its owner, for people who look after an installation. */
export async function laneOwners(system: SystemScope): Promise<readonly LaneOwner[]> {
  const { rows } = await sql<LaneOwner>`
    select progress.consumer, progress.lane, lease.owner, progress.epoch::float8 as epoch,
           progress.committed_seq::float8 as "committedSequence",
           (extract(epoch from lease.lease_until - clock_timestamp()) * 1000)::float8 as "leaseLeftMs"
      from followme.lane_progress progress
      left join followme.lane_lease lease using (consumer, lane)
     order by progress.consumer, progress.lane
  `.execute(system.db);
  return rows;
}
