/** A log in memory whose time is its number of records: two runs over the same appends are the same. */
import {
  DUPLICATE_WINDOW_MS,
  type Appended,
  type KeyEntry,
  type Log,
  type LogRecord,
  type StreamName,
} from '@followme/log';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { isAbortError } from '@followme/platform';
import { Waiters } from '../waiters.ts';

export interface MemoryLog extends Log {
  /** All records of a lane. */
  records(stream: StreamName, lane: Lane): readonly LogRecord[];
}

/** An empty log; `lanes` holds for both streams. */
export function createMemoryLog(lanes: number): MemoryLog {
  const kept = new Map<string, LogRecord[]>();
  const ids = new Map<string, LogSequence>();
  const keys = new Map<string, KeyEntry>();
  const hearers = new Map<string, Set<(payload: Uint8Array) => void>>();
  const waiters = new Waiters();
  let timeMs = DUPLICATE_WINDOW_MS;
  const laneOfStream = (stream: StreamName, lane: Lane): LogRecord[] => {
    const records = kept.get(`${stream}/${lane}`) ?? [];
    kept.set(`${stream}/${lane}`, records);
    return records;
  };

  return {
    identity: 'a log in memory',
    durability: 'Nothing survives the process.',
    silentForMs: () => 0,
    lanes: () => lanes,
    records: laneOfStream,
    async append(stream, lane, payload, options): Promise<Appended> {
      const key = `${stream}/${options?.recordId}`;
      const known = options?.recordId === undefined ? undefined : ids.get(key);
      if (known !== undefined) return { sequence: known, duplicate: true };
      const records = laneOfStream(stream, lane);
      const sequence = trustedId<LogSequence>(records.length + 1);
      timeMs += 1;
      records.push({ lane, sequence, storedTimeMs: timeMs, payload });
      if (options?.recordId !== undefined) ids.set(key, sequence);
      waiters.wake();
      return { sequence, duplicate: false };
    },
    async *read(stream, lane, from, signal) {
      const records = laneOfStream(stream, lane);
      for (let at = from - 1; !signal.aborted; at += 1) {
        try {
          await waiters.until(() => records.length > at, signal);
        } catch (error) {
          if (isAbortError(error)) return;
          throw error;
        }
        const record = records[at];
        if (record !== undefined) yield record;
      }
    },
    async bounds(stream, lane) {
      const last = trustedId<LogSequence>(laneOfStream(stream, lane).length);
      return { first: trustedId<LogSequence>(1), last };
    },
    trim: async () => 0,
    broadcast(subject, payload) {
      for (const hear of hearers.get(subject) ?? []) hear(payload);
    },
    subscribe(subject, hear) {
      const set = hearers.get(subject) ?? new Set();
      hearers.set(subject, set.add(hear));
      return () => void set.delete(hear);
    },
    getKey: async (key) => keys.get(key) ?? null,
    async setKey(key, value, expected) {
      const revision = keys.get(key)?.revision ?? null;
      if (revision !== expected) return null;
      keys.set(key, { value, revision: (revision ?? 0) + 1 });
      return (revision ?? 0) + 1;
    },
    async deleteKey(key, expected) {
      return keys.get(key)?.revision === expected && keys.delete(key);
    },
    close: async () => undefined,
  };
}
