/**
 * Reads many lanes of the log into one bounded buffer. Readers stop asking while the buffer is full, so a
 * database that is down costs memory up to the bound and no more.
 */
import type { Log, LogRecord } from '@followme/log';
import type { Lane, LogSequence } from '@followme/model';

/** Bytes held before readers wait: some seconds of 25,000 positions a second. */
const MAX_BUFFERED_BYTES = 32_000_000;

export interface LaneBuffer {
  /** Starts reading a lane. */
  open(lane: Lane, from: LogSequence): void;
  /** Stops reading a lane and forgets what was read of it. */
  close(lane: Lane): void;
  /** What was read and not dropped yet, in order within each lane. */
  peek(): readonly LogRecord[];
  /** Forgets these records, the oldest of `peek`: they are done with. */
  drop(records: readonly LogRecord[]): void;
  /** Stops all readers; what was read stays. */
  stopReading(): void;
  readonly size: number;
}

export function createLaneBuffer(log: Log): LaneBuffer {
  const readers = new Map<Lane, AbortController>();
  let records: LogRecord[] = [];
  let bytes = 0;
  let roomWaiters: (() => void)[] = [];

  const release = (): void => {
    if (bytes >= MAX_BUFFERED_BYTES) return;
    const waiters = roomWaiters;
    roomWaiters = [];
    for (const proceed of waiters) proceed();
  };

  const read = async (lane: Lane, from: LogSequence, signal: AbortSignal): Promise<void> => {
    for await (const record of log.read('positions', lane, from, signal)) {
      if (signal.aborted) return;
      records.push(record);
      bytes += record.payload.length;
      if (bytes >= MAX_BUFFERED_BYTES) {
        await new Promise<void>((resolve) => roomWaiters.push(resolve));
      }
    }
  };

  const keep = (isKept: (record: LogRecord) => boolean): void => {
    records = records.filter(isKept);
    bytes = records.reduce((sum, record) => sum + record.payload.length, 0);
    release();
  };

  return {
    open(lane, from) {
      const controller = new AbortController();
      readers.set(lane, controller);
      void read(lane, from, controller.signal);
    },
    close(lane) {
      readers.get(lane)?.abort();
      readers.delete(lane);
      keep((record) => record.lane !== lane);
    },
    peek: () => records.slice(),
    drop(done) {
      const gone = new Set(done);
      keep((record) => !gone.has(record));
    },
    stopReading() {
      for (const controller of readers.values()) controller.abort();
      const waiters = roomWaiters;
      roomWaiters = [];
      for (const proceed of waiters) proceed();
    },
    get size() {
      return records.length;
    },
  };
}
