import type { Lane } from '@followme/model';
import { sql } from 'kysely';
import type { OwnedLane } from '../../geofence-state/port.ts';
import type { SystemScope } from '../../port.ts';
import { leaseMsOf, type Consumer, type Ownership } from './lanes.ts';

/**
 * Takes those of `lanes` that are free: never owned, given back, run out, or ours by name (a process that
 * asks again has forgotten what it held). Each comes with a new epoch: from here on nobody else's commit
 * holds. Waits for a commit of the former owner that is under way.
 */
export async function acquireLanes(
  system: SystemScope,
  consumer: Consumer,
  request: {
    readonly owner: string;
    readonly lanes: readonly Lane[];
    readonly ownership: Ownership;
  },
): Promise<readonly OwnedLane[]> {
  const leaseMs = leaseMsOf(request.ownership);
  const { rows } = await sql<OwnedLane>`
    insert into followme.lane_progress as held (consumer, lane, epoch, owner, lease_until)
    select ${consumer}, lane, 1, ${request.owner},
           clock_timestamp() + ${leaseMs}::float8 * interval '1 ms'
      from unnest(${[...request.lanes]}::int2[]) as lane
     order by lane
    on conflict (consumer, lane) do update
       set epoch = held.epoch + 1, owner = excluded.owner, lease_until = excluded.lease_until
     where held.owner is null or held.owner = excluded.owner or ${leaseMs}::float8 is null
        or held.lease_until is null or held.lease_until < clock_timestamp()
    returning lane, epoch::float8 as epoch, committed_seq::float8 as "committedSequence"
  `.execute(system.db);
  return rows;
}
