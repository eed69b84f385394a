/** The events stream of a log, read to its end again and again, past the services. */
import type { Log } from '@followme/log';
import { trustedId, type FenceEvent, type Lane, type LogSequence } from '@followme/model';
import type { SeenEvent } from './compare.ts';

/** An event as it lies in the stream, with the time at which the log took it. */
export interface StreamedEvent extends SeenEvent {
  readonly storedTimeMs: number;
}

const READ_LIMIT_MS = 30_000;

export class EventStream {
  readonly #openLog: () => Promise<Log>;
  readonly #next = new Map<number, number>();
  readonly #events = new Map<number, StreamedEvent[]>();

  constructor(openLog: () => Promise<Log>) {
    this.#openLog = openLog;
  }

  /** All events of a tracker so far, in the order of the stream. */
  eventsOf(trackerId: number): readonly StreamedEvent[] {
    return this.#events.get(trackerId) ?? [];
  }

  /** Reads what came since the last time; answers it by tracker id. */
  async readOn(): Promise<ReadonlyMap<number, readonly StreamedEvent[]>> {
    const fresh = new Map<number, StreamedEvent[]>();
    const log = await this.#openLog();
    try {
      for (let number = 0; number < log.lanes('events'); number += 1) {
        await this.#readLane(log, trustedId<Lane>(number), fresh);
      }
    } finally {
      await log.close();
    }
    return fresh;
  }

  async #readLane(log: Log, lane: Lane, fresh: Map<number, StreamedEvent[]>): Promise<void> {
    const { last } = await log.bounds('events', lane);
    const from = trustedId<LogSequence>(this.#next.get(lane) ?? 1);
    if (from > last) return;
    const limit = AbortSignal.timeout(READ_LIMIT_MS);
    for await (const record of log.read('events', lane, from, limit)) {
      // our own stream: its records are events
      const event = JSON.parse(Buffer.from(record.payload).toString()) as FenceEvent;
      const { trackerId, eventId, eventSeq, kind, fenceName, initial, fixTimeMs } = event;
      const { storedTimeMs } = record;
      const seen = { eventId, eventSeq, kind, fence: fenceName, initial, fixTimeMs, storedTimeMs };
      for (const events of [this.#events, fresh]) {
        const known = events.get(trackerId) ?? [];
        events.set(trackerId, known);
        known.push(seen);
      }
      this.#next.set(lane, record.sequence + 1);
      if (record.sequence >= last) return;
    }
    throw new Error(`The events of lane ${lane} could not be read up to ${last}`);
  }
}
