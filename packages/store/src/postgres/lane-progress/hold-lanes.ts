import type { Lane } from '@followme/model';
import { sql } from 'kysely';
import type { HeldLane } from '../../lanes/port.ts';
import type { SystemScope } from '../../port.ts';
import type { Consumer } from './lanes.ts';

/**
 * Keeps commits and changes of owner out of these lanes for the rest of the transaction; answers those that are
 * still the asker's by epoch.
 */
export async function holdLanes(
  system: SystemScope,
  consumer: Consumer,
  lanes: readonly HeldLane[],
): Promise<readonly Lane[]> {
  const { rows } = await sql<{ lane: Lane }>`
    select held.lane
      from followme.lane_progress held
      join unnest(${lanes.map((l) => l.lane)}::int2[], ${lanes.map((l) => l.epoch)}::int8[])
           as ours (lane, epoch) on ours.lane = held.lane and ours.epoch = held.epoch
     where held.consumer = ${consumer}
     order by held.lane for update of held
  `.execute(system.db);
  return rows.map(({ lane }) => lane);
}
