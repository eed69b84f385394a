/** One lane: its counters, its waiting readers, and the ranges read from disk. */
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { LaneBounds, LogRecord, StreamName } from '../port.ts';
import type { Bytes, Engine } from './engine.ts';
import {
  MAX_SEQUENCE,
  parseCounter,
  recordKey,
  recordPlace,
  trimmedKey,
  type RecordPlace,
} from './layout.ts';
import { RecentRecords } from './recent-records.ts';

/**
 * State of a lane. `allocated` ≥ `durable` always: a sequence is given out when an append is accepted and
 * never again, also when its transaction fails; it counts for readers only once it is durable.
 */
export class LaneState {
  readonly stream: StreamName;
  readonly lane: Lane;
  readonly recent: RecentRecords;
  /** Newest sequence given to an append; changed by `allocate` only. */
  #allocated: number;
  /** Newest sequence whose record is durable; changed by `advance` only. */
  #durable: number;
  readonly #waiters = new Set<() => void>();

  constructor(stream: StreamName, lane: Lane, last: number) {
    this.stream = stream;
    this.lane = lane;
    this.#allocated = last;
    this.#durable = last;
    this.recent = new RecentRecords(last + 1);
  }

  get durable(): number {
    return this.#durable;
  }

  /** The sequence of the next append. */
  allocate(): number {
    this.#allocated += 1;
    return this.#allocated;
  }

  /** Says that `record` is durable, and everything before it durable or failed, and wakes the readers. */
  advance(record: LogRecord): void {
    this.recent.add(record);
    this.#durable = Math.max(this.#durable, record.sequence);
    this.wake();
  }

  /** Wakes all readers to look again. */
  wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  /** Resolves at the next wake or when `signal` aborts. */
  woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** The newest sequence ever trimmed from a lane, 0 when there was none. */
export function trimmedUpTo({ meta }: Engine, stream: StreamName, lane: Lane): number {
  return parseCounter(meta.get(trimmedKey(stream, lane)));
}

/** The lane as it lies on disk: its last sequence is the newest record's or the newest trimmed one's. */
export function loadLane(engine: Engine, stream: StreamName, lane: Lane): LaneState {
  const trimmed = trimmedUpTo(engine, stream, lane);
  const [newest] = engine.records.getKeys({
    start: recordKey(stream, lane, { sequence: MAX_SEQUENCE, storedTimeMs: 0 }),
    end: recordKey(stream, lane, { sequence: 0, storedTimeMs: 0 }),
    reverse: true,
    limit: 1,
  });
  const last = newest === undefined ? 0 : recordPlace(newest).sequence;
  return new LaneState(stream, lane, Math.max(trimmed, last));
}

/** Bounds of what is durable. */
export function boundsOf(records: Bytes, lane: LaneState): LaneBounds {
  const last = lane.durable;
  const [oldest] = oldestPlaces(records, lane, { before: last + 1, limit: 1 });
  return {
    first: trustedId<LogSequence>(oldest?.sequence ?? last + 1),
    last: trustedId<LogSequence>(last),
  };
}

/** Places of the oldest records of a lane with a sequence below `before`, without reading payloads. */
export function oldestPlaces(
  records: Bytes,
  { stream, lane }: LaneState,
  { before, limit }: { readonly before: number; readonly limit: number },
): RecordPlace[] {
  const keys = records.getKeys({
    start: recordKey(stream, lane, { sequence: 0, storedTimeMs: 0 }),
    end: recordKey(stream, lane, { sequence: before, storedTimeMs: 0 }),
    limit,
  });
  return Array.from(keys, recordPlace);
}

/** Most records of one range read. */
const CHUNK_RECORDS = 256;
/** A range read ends when it holds this many bytes; so one read holds at most this and one record more. */
const CHUNK_BYTES = 1_000_000;

/**
 * Records from `from` up to and including `upTo`, as many as one range read may hold; at least one when
 * there is any. Payloads are copies that begin at offset 0 of their own memory, so that typed views fit.
 */
export function readChunk(
  records: Bytes,
  { stream, lane }: LaneState,
  { from, upTo }: { readonly from: number; readonly upTo: number },
): LogRecord[] {
  const chunk: LogRecord[] = [];
  let bytes = 0;
  const range = records.getRange({
    start: recordKey(stream, lane, { sequence: from, storedTimeMs: 0 }),
    end: recordKey(stream, lane, { sequence: upTo + 1, storedTimeMs: 0 }),
    limit: CHUNK_RECORDS,
  });
  for (const { key, value } of range) {
    const { sequence, storedTimeMs } = recordPlace(key);
    // the engine reuses its buffers at the next read
    const payload = new Uint8Array(value);
    chunk.push({ lane, sequence: trustedId<LogSequence>(sequence), storedTimeMs, payload });
    bytes += payload.length;
    if (bytes >= CHUNK_BYTES) break;
  }
  return chunk;
}
