import type { Lane } from '@followme/model';
import { sql } from 'kysely';
import type { HeldLane } from '../../lanes/port.ts';
import type { SystemScope } from '../../port.ts';
import { leaseMsOf, type Consumer, type Ownership } from './lanes.ts';

/**
 * Extends the leases of lanes that are still ours, by epoch; those not answered are lost. A lease that ran
 * out and that nobody took is ours again.
 */
export async function renewLanes(
  system: SystemScope,
  consumer: Consumer,
  request: {
    readonly owner: string;
    readonly lanes: readonly HeldLane[];
    readonly ownership: Ownership;
  },
): Promise<readonly Lane[]> {
  const leaseMs = leaseMsOf(request.ownership);
  const { rows } = await sql<{ lane: Lane }>`
    update followme.lane_lease lease
       set lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 ms'
      from unnest(${request.lanes.map((l) => l.lane)}::int2[],
                  ${request.lanes.map((l) => l.epoch)}::int8[]) as ours (lane, epoch)
      join followme.lane_progress progress
        on progress.consumer = ${consumer} and progress.lane = ours.lane
       and progress.epoch = ours.epoch
     where lease.consumer = ${consumer} and lease.owner = ${request.owner}
       and lease.lane = ours.lane
    returning lease.lane
  `.execute(system.db);
  return rows.map((row) => row.lane);
}
