/**
 * Offsets in the database are places in one log. In another log, or in one that ends before them, they would skip
 * what comes next without a sign: better not to start, and not to go on.
 */
import { LogError, type Log, type StreamName } from '@followme/log';
import {
  claimLog,
  laneSequences,
  STREAM_OF_CONSUMER,
  type LaneSequences,
  type Store,
} from '@followme/store';
import { EXIT, Refusal } from '../exit-code.ts';

/** Log and database that are to belong together. */
export interface LogAndStore {
  readonly log: Log;
  readonly store: Store;
  /** Where the log is, for people: a folder, or servers without their login. */
  readonly logPlace: string;
}

/** How thoroughly to look: all lanes, or of each stream the one that is read farthest, which costs two questions. */
export type Thoroughness = 'allLanes' | 'farthestLanes';

/**
 * Ties the database to the log at the first start, and answers why the two do not belong together; null when they
 * do. @throws what log or store throw when they do not answer.
 */
export async function whyNotTogether(
  engines: LogAndStore,
  thoroughness: Thoroughness,
): Promise<Refusal | null> {
  try {
    return await compare(engines, thoroughness);
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== 'REPLACED') throw error;
    return new Refusal(
      EXIT.wrongData,
      `The log in ${engines.logPlace} is not the one it was when this process opened it (${error.message}): put back ` +
        'the newest log of this installation, or a backup of the database that was used with this log.',
      { cause: error },
    );
  }
}

async function compare(
  { log, store, logPlace }: LogAndStore,
  thoroughness: Thoroughness,
): Promise<Refusal | null> {
  // the offsets first: what is appended meanwhile only moves the end of the log away from them
  const { claimed, offsets } = await store.asSystem(async (system) => ({
    claimed: await claimLog(system, log.identity),
    offsets: await laneSequences(system),
  }));
  if (claimed !== log.identity) {
    return new Refusal(
      EXIT.wrongData,
      `The database belongs to the log ${claimed}, and the log in ${logPlace} is ${log.identity}: start with ` +
        'the log that this database was used with, or with the database of this log.',
    );
  }
  const places = farthest(offsets, thoroughness);
  const ends = await Promise.all(
    places.map(async ({ stream, lane }) =>
      lane < log.lanes(stream) ? (await log.bounds(stream, lane)).last : 0,
    ),
  );
  for (const [index, { consumer, lane, committedSequence }] of places.entries()) {
    const last = ends[index] ?? 0;
    if (committedSequence <= last) continue;
    return new Refusal(
      EXIT.wrongData,
      `The log in ${logPlace} ends before what the database has committed (lane ${lane} ends at ${last}, the ` +
        `reader "${consumer}" was at ${committedSequence}): it went back or is an older copy, so put back the newest ` +
        'log of this installation, or a backup of the database that is not newer than this log.',
    );
  }
  return null;
}

interface Place extends LaneSequences {
  readonly stream: StreamName;
}

/** The readers that have come farthest: one for each lane, or one for each stream. */
function farthest(offsets: readonly LaneSequences[], thoroughness: Thoroughness): Place[] {
  const found = new Map<string, Place>();
  for (const offset of offsets) {
    const stream = STREAM_OF_CONSUMER[offset.consumer];
    if (stream === null) continue;
    const key = thoroughness === 'allLanes' ? `${stream}/${offset.lane}` : stream;
    const present = found.get(key);
    if (present === undefined || present.committedSequence < offset.committedSequence) {
      found.set(key, { ...offset, stream });
    }
  }
  return [...found.values()];
}
