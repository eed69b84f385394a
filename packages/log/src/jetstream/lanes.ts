/**
 * What lies in a lane, and what may leave it. A lane is one subject of its stream; sequences are the stream's.
 *
 * How far a lane was trimmed is written into the key space before anything is removed: so a lane trimmed empty knows
 * its last sequence, and every record of a lane after that mark must be there.
 */
import { AckPolicy, DeliverPolicy, type StreamInfo } from '@nats-io/jetstream';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock } from '@followme/platform';
import { LogError, type LaneBounds, type StreamName } from '../port.ts';
import type { Session } from './connection.ts';
import { parseDelivery } from './delivery.ts';
import type { JetStreamKeys } from './keys.ts';
import type { LogNames } from './names.ts';
import type { LaneLook, ReadingPlace } from './readers.ts';
import { REQUEST_LIMIT_MS } from './request-limit.ts';
import { askForCall, type RequestDeps } from './requests.ts';

const NANOSECONDS_PER_MS = 1e6;
/** The helper of one question; the server forgets it after this. */
const LOOK_LIFE_MS = 5000;
const NOT_FOUND = 404;

export interface LanesDeps extends RequestDeps {
  readonly clock: Clock;
  readonly names: LogNames;
  readonly keys: JetStreamKeys;
  /** When each stream was made. */
  readonly created: Readonly<Record<StreamName, string>>;
}

/** The record that will never be there again, or never was: reading cannot go on. */
class FinalError extends LogError {}

export class JetStreamLanes implements LaneLook {
  readonly #deps: LanesDeps;
  /** By lane: up to where this process has had everything removed. */
  readonly #removedUpTo = new Map<string, number>();

  constructor(deps: LanesDeps) {
    this.#deps = deps;
  }

  async bounds(stream: StreamName, lane: Lane): Promise<LaneBounds> {
    const newest = await this.lastOfLane(stream, lane);
    const last = newest > 0 ? newest : await this.#trimmedUpTo(stream, lane);
    const { names } = this.#deps;
    // the client's types know this of direct reads only, which a server that lags may answer
    const firstOfLane = { seq: 1, next_by_subj: names.laneSubject(stream, lane) };
    const oldest = await askForCall(this.#deps, 'Looking at a lane', ({ jetstream }) =>
      jetstream.streams.getMessage(names.stream(stream), firstOfLane),
    );
    return {
      first: trustedId<LogSequence>(oldest?.seq ?? last + 1),
      last: trustedId<LogSequence>(Math.max(last, oldest?.seq ?? 0)),
    };
  }

  async lastOfLane(stream: StreamName, lane: Lane): Promise<number> {
    const { names } = this.#deps;
    const subject = names.laneSubject(stream, lane);
    const newest = await askForCall(this.#deps, 'Looking at a lane', ({ jetstream }) =>
      jetstream.streams.getMessage(names.stream(stream), { last_by_subj: subject }),
    );
    return newest?.seq ?? 0;
  }

  async lastOfStream(stream: StreamName): Promise<number> {
    return (await this.#info(stream)).state.last_seq;
  }

  async checkPlace({ stream, lane, next, received }: ReadingPlace): Promise<void> {
    const { state, created } = await this.#info(stream);
    const name = this.#deps.names.stream(stream);
    if (created !== this.#deps.created[stream]) throw madeAnew(name);
    if (received > state.last_seq) {
      throw new FinalError(
        'REPLACED',
        `${name} went back: it ends at ${state.last_seq} and had ${received}`,
      );
    }
    const before = next - 1;
    if (before < 1 || before >= state.first_seq) return;
    const trimmed = await this.#trimmedUpTo(stream, lane);
    if (trimmed >= before) return;
    throw new FinalError(
      'UNAVAILABLE',
      `Lane ${lane} of ${stream} has no record ${before} any more, and only up to ${trimmed} they were trimmed`,
    );
  }

  isFinal(error: LogError): boolean {
    return error instanceof FinalError;
  }

  /** Whether the streams are still those of this log. @throws LogError when they were made anew. */
  async checkStreams(session: Session): Promise<void> {
    for (const stream of ['positions', 'events'] as const) {
      const { created } = await session.jetstream.streams.info(this.#deps.names.stream(stream));
      if (created !== this.#deps.created[stream]) throw madeAnew(this.#deps.names.stream(stream));
    }
  }

  /** Removes what is older than `olderThanMs` and before `keepFrom`; answers how many went. */
  async trim(
    stream: StreamName,
    lane: Lane,
    limits: { readonly olderThanMs: number; readonly keepFrom: number },
  ): Promise<number> {
    const place = `${stream} ${lane}`;
    const isRemoved = (upTo: number): boolean => upTo <= (this.#removedUpTo.get(place) ?? 0);
    if (isRemoved(limits.keepFrom - 1)) return 0;
    const storedBeforeMs = Math.max(0, this.#deps.clock.nowMs() - limits.olderThanMs);
    // in this order: what comes between the two questions is young
    const last = await this.lastOfLane(stream, lane);
    const firstYoung = await this.#firstStoredSince(stream, lane, storedBeforeMs);
    const upTo = Math.min(limits.keepFrom, firstYoung ?? last + 1) - 1;
    if (isRemoved(upTo)) return 0;
    await this.#markTrimmed(stream, lane, upTo);
    const { names } = this.#deps;
    const filter = names.laneSubject(stream, lane);
    const { purged } = await askForCall(this.#deps, 'Trimming a lane', ({ jetstream }) =>
      jetstream.streams.purge(names.stream(stream), { filter, seq: upTo + 1 }),
    );
    this.#removedUpTo.set(place, Math.max(upTo, this.#removedUpTo.get(place) ?? 0));
    return purged;
  }

  #info(stream: StreamName): Promise<StreamInfo> {
    return askForCall(this.#deps, 'Looking at a stream', ({ jetstream }) =>
      jetstream.streams.info(this.#deps.names.stream(stream)),
    );
  }

  /** Sequence of the lane's first record stored at or after a time, null when there is none. */
  async #firstStoredSince(stream: StreamName, lane: Lane, timeMs: number): Promise<number | null> {
    const { names } = this.#deps;
    const name = names.stream(stream);
    return askForCall(this.#deps, 'Looking at a lane', async ({ nats, jetstream }) => {
      const look = await jetstream.consumers.add(name, {
        ack_policy: AckPolicy.None,
        deliver_policy: DeliverPolicy.StartTime,
        opt_start_time: new Date(timeMs).toISOString(),
        filter_subject: names.laneSubject(stream, lane),
        headers_only: true,
        inactive_threshold: LOOK_LIFE_MS * NANOSECONDS_PER_MS,
        mem_storage: true,
        num_replicas: 1,
      });
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${name}.${look.name}`;
      const message = await nats.request(subject, JSON.stringify({ batch: 1, no_wait: true }), {
        timeout: REQUEST_LIMIT_MS,
        // the record comes with its own subject, which the client's shared inbox would not know
        noMux: true,
      });
      await jetstream.consumers.delete(name, look.name);
      if (message.headers?.code === NOT_FOUND) return null;
      const delivery = parseDelivery(message.reply ?? '');
      if (delivery === null) {
        throw new LogError('UNAVAILABLE', `The server answered ${message.headers?.status}`);
      }
      return delivery.sequence;
    });
  }

  async #trimmedUpTo(stream: StreamName, lane: Lane): Promise<number> {
    const entry = await this.#deps.keys.get(trimmedKey(stream, lane));
    return entry === null ? 0 : Number(Buffer.from(entry.value).toString());
  }

  async #markTrimmed(stream: StreamName, lane: Lane, upTo: number): Promise<void> {
    const key = trimmedKey(stream, lane);
    for (;;) {
      const entry = await this.#deps.keys.get(key);
      if (entry !== null && Number(Buffer.from(entry.value).toString()) >= upTo) return;
      const mark = Buffer.from(String(upTo));
      if ((await this.#deps.keys.set(key, mark, entry?.revision ?? null)) !== null) return;
    }
  }
}

const trimmedKey = (stream: StreamName, lane: Lane): string => `trimmed/${stream}/${lane}`;

function madeAnew(name: string): LogError {
  return new FinalError(
    'REPLACED',
    `${name} was made anew and is another log now: restart to check it`,
  );
}
