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
    with ours as (
      select lease.lane
        from unnest(${request.lanes.map((l) => l.lane)}::int2[],
                    ${request.lanes.map((l) => l.epoch)}::int8[]) as asked (lane, epoch)
        join followme.lane_progress progress
          on progress.consumer = ${consumer} and progress.lane = asked.lane
         and progress.epoch = asked.epoch
        join followme.lane_lease lease
          on lease.consumer = ${consumer} and lease.owner = ${request.owner} and lease.lane = asked.lane
       -- as everybody locks them
       order by lease.lane for update of lease
    )
    update followme.lane_lease lease set owner = null, lease_until = null
      from ours where lease.consumer = ${consumer} and lease.lane = ours.lane
  `.execute(system.db);
}
