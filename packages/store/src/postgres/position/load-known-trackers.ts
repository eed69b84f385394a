import type { Lane, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** The time of a tracker's last state. */
export interface KnownTime {
  readonly lane: Lane;
  readonly trackerId: TrackerId;
  readonly fixTimeMs: number;
  readonly receivedTimeMs: number;
}

/** The times of all last states of these lanes. */
export async function loadKnownTrackers(
  system: SystemScope,
  lanes: readonly Lane[],
): Promise<readonly KnownTime[]> {
  const { rows } = await sql<KnownTime>`
    select lane, tracker_id as "trackerId", followme.epoch_ms(fix_time) as "fixTimeMs",
           followme.epoch_ms(received_time) as "receivedTimeMs"
      from followme.tracker_last
     where lane = any(${[...lanes]}::int2[])
  `.execute(system.db);
  return rows;
}
