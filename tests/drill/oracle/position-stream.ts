/** Looks for fixes in the positions stream of a log: whether what a table lacks was ever kept. */
import type { Log } from '@followme/log';
import {
  laneOf,
  recordKindOf,
  RowCursor,
  trustedId,
  type Lane,
  type LogSequence,
  type TrackerId,
} from '@followme/model';

const READ_LIMIT_MS = 60_000;

/**
 * Where fixes lie, by `<tracker id> <fix time>`: lane, sequence and the time at which the log took the record. What is
 * not in the answer is not in the log.
 */
export async function findInLog(
  openLog: () => Promise<Log>,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const log = await openLog();
  const found = new Map<string, string>();
  try {
    const lanes = new Set(
      [...wanted].map((key) =>
        laneOf(trustedId<TrackerId>(Number(key.split(' ')[0])), log.lanes('positions')),
      ),
    );
    for (const lane of lanes) await searchLane(log, lane, { wanted, found });
  } finally {
    await log.close();
  }
  return found;
}

async function searchLane(
  log: Log,
  lane: Lane,
  { wanted, found }: { wanted: ReadonlySet<string>; found: Map<string, string> },
): Promise<void> {
  const { first, last } = await log.bounds('positions', lane);
  if (first > last) return;
  const cursor = new RowCursor();
  const from = trustedId<LogSequence>(first);
  for await (const record of log.read(
    'positions',
    lane,
    from,
    AbortSignal.timeout(READ_LIMIT_MS),
  )) {
    if (recordKindOf(record.payload) === 'positions') {
      cursor.open(record.payload);
      while (cursor.next()) {
        const key = `${cursor.trackerId} ${cursor.fixTimeMs}`;
        if (!wanted.has(key) || found.has(key)) continue;
        const taken = new Date(record.storedTimeMs).toISOString();
        found.set(key, `lane ${lane}, sequence ${record.sequence}, taken at ${taken}`);
      }
    }
    if (record.sequence >= last) return;
  }
}
