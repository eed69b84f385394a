import { sql } from 'kysely';
import type { OwnedLane } from '../../geofence-state/port.ts';
import type { SystemScope } from '../../port.ts';
import type { Consumer } from './lanes.ts';

/** Gives lanes back, as far as they are still ours: the next owner takes them without waiting. */
export async function releaseLanes(
  system: SystemScope,
  consumer: Consumer,
  request: {
    readonly owner: string;
    readonly lanes: readonly Pick<OwnedLane, 'lane' | 'epoch'>[];
  },
): Promise<void> {
  await sql`
    update followme.lane_progress held set owner = null, lease_until = null
      from unnest(${request.lanes.map((l) => l.lane)}::int2[],
                  ${request.lanes.map((l) => l.epoch)}::int8[]) as ours (lane, epoch)
     where held.consumer = ${consumer} and held.owner = ${request.owner}
       and held.lane = ours.lane and held.epoch = ours.epoch
  `.execute(system.db);
}
