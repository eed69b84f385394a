import { sql } from 'kysely';
import type { HeldLane } from '../../lanes/port.ts';
import type { SystemScope } from '../../port.ts';
import type { Consumer } from './lanes.ts';

/** Gives lanes back, as far as they are still ours: the next owner takes them without waiting. */
export async function releaseLanes(
  system: SystemScope,
  consumer: Consumer,
  request: { readonly owner: string; readonly lanes: readonly HeldLane[] },
): Promise<void> {
  await sql`
    update followme.lane_lease lease set owner = null, lease_until = null
      from unnest(${request.lanes.map((l) => l.lane)}::int2[],
                  ${request.lanes.map((l) => l.epoch)}::int8[]) as ours (lane, epoch)
      join followme.lane_progress progress
        on progress.consumer = ${consumer} and progress.lane = ours.lane
       and progress.epoch = ours.epoch
     where lease.consumer = ${consumer} and lease.owner = ${request.owner}
       and lease.lane = ours.lane
  `.execute(system.db);
}
