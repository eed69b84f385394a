import type { Lane, LogSequence } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import type { Consumer } from './lanes.ts';

/**
 * Says where a consumer begins in lanes it has never read; where it has, its offset stays. For consumers that
 * care for what happens from now on, not for the history of an installation that was there before them.
 */
export async function beginLanes(
  system: SystemScope,
  consumer: Consumer,
  places: readonly { readonly lane: Lane; readonly sequence: LogSequence }[],
): Promise<void> {
  await sql`
    insert into followme.lane_progress (consumer, lane, epoch, committed_seq)
    select ${consumer}, place.lane, 0, place.sequence
      from unnest(${places.map((p) => p.lane)}::int2[], ${places.map((p) => p.sequence)}::int8[])
           as place (lane, sequence)
     -- an insert alone would wait for a commit that changes the row
     where not exists (select from followme.lane_progress p
                        where p.consumer = ${consumer} and p.lane = place.lane)
    on conflict do nothing
  `.execute(system.db);
}
