import type { Lane } from '@followme/model';
import type { ClientBase } from 'pg';
import type { Consumer, LaneStretch } from './lanes.ts';

/**
 * Moves the offsets of lanes that are still the asker's and stand where the stretch begins; the others are
 * fenced. Answers, by lane, the number of the lane's commit. At most one stretch a lane.
 */
export async function advanceLanes(
  client: ClientBase,
  consumer: Consumer,
  stretches: readonly LaneStretch[],
): Promise<ReadonlyMap<Lane, number>> {
  if (stretches.length === 0) return new Map();
  const { rows } = await client.query<{ lane: Lane; commitNo: number }>({
    name: 'advance-lanes',
    text: `
      update followme.lane_progress held
         set committed_seq = stretch.to_seq, commits = held.commits + 1
        from unnest($2::int2[], $3::int8[], $4::int8[], $5::int8[])
             as stretch (lane, epoch, from_seq, to_seq)
       where held.consumer = $1 and held.lane = stretch.lane
         and held.epoch = stretch.epoch and held.committed_seq = stretch.from_seq
      returning held.lane, held.commits::float8 as "commitNo"`,
    values: [
      consumer,
      stretches.map((s) => s.lane),
      stretches.map((s) => s.epoch),
      stretches.map((s) => s.fromSequence),
      stretches.map((s) => s.toSequence),
    ],
  });
  return new Map(rows.map(({ lane, commitNo }) => [lane, commitNo]));
}
