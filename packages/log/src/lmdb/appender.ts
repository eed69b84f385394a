/** Takes records in: checks them, gives them their sequence, has them committed. */
import { trustedId, type LogSequence } from '@followme/model';
import type { Clock } from '@followme/platform';
import { LogError, MAX_RECORD_BYTES, type Appended } from '../port.ts';
import type { Committer } from './committer.ts';
import type { LogCounters } from '../counters.ts';
import type { Engine } from './engine.ts';
import type { LaneState } from './lane.ts';
import { recordKey } from './layout.ts';
import { identify, type Identity, type RecordIds } from './record-ids.ts';

/** Payload that may wait for durability; appends beyond it are refused, so that memory stays bounded. */
export const MAX_PENDING_BYTES = 64_000_000;

export interface AppenderDeps {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly committer: Committer;
  readonly recordIds: RecordIds;
  readonly counters: LogCounters;
}

export interface Appender {
  /**
   * Appends `payload` to `lane`; the caller may reuse its buffer at once.
   * @throws LogError as the port says; every one is counted by its code.
   */
  append(lane: LaneState, payload: Uint8Array, recordId: string | undefined): Promise<Appended>;
}

export function createAppender(deps: AppenderDeps): Appender {
  const { clock, counters } = deps;
  return {
    async append(lane, payload, recordId) {
      const startedMs = clock.monotonicMs();
      try {
        const appended = await take(deps, lane, payload, recordId);
        if (appended.duplicate) counters.streams[lane.stream].duplicates.inc();
        else counters.appendSeconds.observe((clock.monotonicMs() - startedMs) / 1000);
        return appended;
      } catch (error) {
        if (error instanceof LogError) counters.refused(error.code);
        throw error;
      }
    },
  };
}

async function take(
  deps: AppenderDeps,
  lane: LaneState,
  payload: Uint8Array,
  recordId: string | undefined,
): Promise<Appended> {
  const { committer, recordIds } = deps;
  if (payload.length > MAX_RECORD_BYTES) {
    throw new LogError(
      'RECORD_TOO_LARGE',
      `A record of ${payload.length} bytes is over the limit of ${MAX_RECORD_BYTES}`,
    );
  }
  const identity = recordId === undefined ? null : identify(lane.stream, recordId);
  const holder = identity === null ? null : recordIds.find(identity);
  if (holder !== null) return { sequence: trustedId<LogSequence>(await holder), duplicate: true };

  const pendingBytes = committer.pendingBytes();
  if (pendingBytes + payload.length > MAX_PENDING_BYTES) {
    throw new LogError('UNAVAILABLE', `The log has ${pendingBytes} bytes waiting for the disk`);
  }
  const storing = store(deps, lane, payload, identity);
  if (identity !== null) {
    recordIds.hold(identity, storing);
    recordIds.sweep(committer);
  }
  return { sequence: trustedId<LogSequence>(await storing), duplicate: false };
}

async function store(
  { clock, engine, committer, recordIds, counters }: AppenderDeps,
  state: LaneState,
  payload: Uint8Array,
  identity: Identity | null,
): Promise<number> {
  const { stream, lane } = state;
  const place = { sequence: state.allocate(), storedTimeMs: Math.floor(clock.nowMs()) };
  // the engine reads the bytes later, in another thread: the caller's buffer is the caller's
  const value = new Uint8Array(payload);
  await committer.commit(value.length, () => {
    void engine.records.put(recordKey(stream, lane, place), value);
    if (identity !== null) recordIds.write(identity, place);
  });
  const sequence = trustedId<LogSequence>(place.sequence);
  state.advance({ lane, sequence, storedTimeMs: place.storedTimeMs, payload: value });
  counters.streams[stream].records.inc();
  counters.streams[stream].bytes.inc(value.length);
  return sequence;
}
