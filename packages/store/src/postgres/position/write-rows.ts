/** The statements of one recording. All run on the recorder's transaction. */
import type { ClientBase } from 'pg';
import { COPY_COLUMNS, type CopyRows } from './copy-rows.ts';
import { copyInto } from './copy-into.ts';
import { partitionOf } from './day-partitions.ts';

/** Rows that are in no doubt: straight into the partitions of their days. */
export async function copyIntoPartitions(
  client: ClientBase,
  days: ReadonlyMap<number, CopyRows>,
): Promise<number> {
  let inserted = 0;
  for (const [day, rows] of days) {
    if (rows.count === 0) continue;
    inserted += await copyInto(client, `${partitionOf(day)} (${COPY_COLUMNS})`, rows.finish());
  }
  return inserted;
}

/** Rows that may be there already, or whose day has no partition: by way of a temporary table. */
export async function insertThroughStage(client: ClientBase, rows: CopyRows): Promise<number> {
  if (rows.count === 0) return 0;
  await client.query(
    `create temporary table if not exists recorder_stage (like followme.position) on commit delete rows`,
  );
  await copyInto(client, `pg_temp.recorder_stage (${COPY_COLUMNS})`, rows.finish());
  const { rowCount } = await client.query(
    `insert into followme.position (${COPY_COLUMNS})
     select ${COPY_COLUMNS} from pg_temp.recorder_stage
     on conflict (tracker_id, fix_time, content_hash) do nothing`,
  );
  return rowCount ?? 0;
}

const LAST_COLUMNS = `${COPY_COLUMNS}, lane`;
const EXCLUDED = LAST_COLUMNS.split(', ')
  .map((column) => `excluded.${column}`)
  .join(', ');

/** Last states, each only where it is newer than what is there; of two of one moment the later received. */
export async function writeLastStates(client: ClientBase, rows: CopyRows): Promise<void> {
  await client.query(
    `create temporary table if not exists recorder_last (like followme.tracker_last) on commit delete rows`,
  );
  await copyInto(client, `pg_temp.recorder_last (${LAST_COLUMNS})`, rows.finish());
  await client.query(
    `insert into followme.tracker_last as last (${LAST_COLUMNS})
     select ${LAST_COLUMNS} from pg_temp.recorder_last
     on conflict (tracker_id) do update set (${LAST_COLUMNS}) = row(${EXCLUDED})
      where (excluded.fix_time, excluded.received_time) > (last.fix_time, last.received_time)`,
  );
}

/** The last states of these lanes are written up to their offsets. */
export async function markStatesWritten(
  client: ClientBase,
  lanes: readonly { readonly lane: number; readonly epoch: number }[],
): Promise<void> {
  await client.query({
    name: 'recorder-mark-states',
    text: `
      update followme.lane_progress held set state_seq = held.committed_seq
        from unnest($1::int2[], $2::int8[]) as ours (lane, epoch)
       where held.consumer = 'recorder' and held.lane = ours.lane and held.epoch = ours.epoch
         and held.state_seq <> held.committed_seq`,
    values: [lanes.map((l) => l.lane), lanes.map((l) => l.epoch)],
  });
}
