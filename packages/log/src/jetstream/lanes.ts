/**
 * What lies in a lane. A lane is one subject of its stream; sequences are the stream's.
 *
 * What is at or before the mark of a lane (`trim-marks.ts`) was trimmed and counts as gone, whether the server has
 * removed it yet or not; every record after the mark must be there. So a lane trimmed empty knows its last sequence.
 */
import { JetStreamApiError, type ApiError, type StreamInfo } from '@nats-io/jetstream';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock } from '@followme/platform';
import { LogError, type LaneBounds, type StreamName } from '../port.ts';
import { Certainty } from './certainty.ts';
import type { Session } from './connection.ts';
import type { LogNames } from './names.ts';
import type { LaneLook, ReadingPlace } from './readers.ts';
import { askForCall, type RequestDeps } from './requests.ts';
import type { TrimMarks } from './trim-marks.ts';

const CHECK_LIMIT_MS = 500;
const STREAM_NOT_FOUND = 10_059;
/** Times of one record told in different ways may be rounded differently. */
const SAME_TIME_MS = 1;

/** What lanes are looked at with. */
export interface LanesDeps extends RequestDeps {
  readonly clock: Clock;
  readonly names: LogNames;
  readonly marks: TrimMarks;
  /** When each stream was made. */
  readonly created: Readonly<Record<StreamName, string>>;
  /** It is sure that the streams are not those of this log any more. */
  readonly onReplaced: (error: LogError) => void;
}

/** The record that will never be there again, or never was: reading cannot go on. */
class FinalError extends LogError {}

/** What the servers know of lanes: their ends, and what was trimmed. */
export class JetStreamLanes implements LaneLook {
  readonly #deps: LanesDeps;
  readonly #certainty: Certainty;

  constructor(deps: LanesDeps) {
    this.#deps = deps;
    this.#certainty = new Certainty(deps.clock);
  }

  async bounds(stream: StreamName, lane: Lane): Promise<LaneBounds> {
    const newest = await this.lastOfLane(stream, lane);
    const trimmed = await this.#deps.marks.read(stream, lane);
    const last = Math.max(newest, trimmed);
    const first = (await this.firstOfLane(stream, lane, trimmed + 1)) ?? last + 1;
    return {
      first: trustedId<LogSequence>(first),
      last: trustedId<LogSequence>(Math.max(last, first - 1)),
    };
  }

  /** The oldest record of a lane at or after a sequence, null when there is none. */
  async firstOfLane(stream: StreamName, lane: Lane, from: number): Promise<number | null> {
    const { names } = this.#deps;
    // the client's types know this of direct reads only, which a server that lags may answer
    const query = { seq: from, next_by_subj: names.laneSubject(stream, lane) };
    const oldest = await this.#ask(stream, ({ jetstream }) =>
      jetstream.streams.getMessage(names.stream(stream), query),
    );
    return oldest?.seq ?? null;
  }

  async lastOfLane(stream: StreamName, lane: Lane): Promise<number> {
    const { names } = this.#deps;
    const subject = names.laneSubject(stream, lane);
    const newest = await this.#ask(stream, ({ jetstream }) =>
      jetstream.streams.getMessage(names.stream(stream), { last_by_subj: subject }),
    );
    return newest?.seq ?? 0;
  }

  async lastOfStream(stream: StreamName): Promise<number> {
    return (await this.#info(stream)).state.last_seq;
  }

  async checkPlace(place: ReadingPlace): Promise<number> {
    const { stream, lane, next } = place;
    const { state, created } = await this.#info(stream);
    const name = this.#deps.names.stream(stream);
    if (created !== this.#deps.created[stream]) throw this.#madeAnew(name);
    await this.checkReceived(place);
    const trimmed = await this.#deps.marks.read(stream, lane);
    const before = next - 1;
    if (trimmed >= before || before >= state.first_seq) return Math.max(next, trimmed + 1);
    throw new FinalError(
      'UNAVAILABLE',
      `Lane ${lane} of ${stream} has no record ${before} any more, and only up to ${trimmed} they were trimmed`,
    );
  }

  /**
   * Whether the newest record of a reader is still there as it was. A log that went back, and grew again since, has
   * another record or none in its place.
   * @throws LogError `UNAVAILABLE` while it is not sure, `REPLACED` when it is.
   */
  async checkReceived({ stream, lane, received, receivedTimeMs }: ReadingPlace): Promise<void> {
    if (received === 0) return;
    const { names, marks } = this.#deps;
    const found = await this.#ask(stream, ({ jetstream }) =>
      jetstream.streams.getMessage(names.stream(stream), { seq: received }),
    );
    const isSame =
      found === null
        ? // asked after the record: the mark is written before anything is removed
          (await marks.read(stream, lane)) >= received
        : found.subject === names.laneSubject(stream, lane) &&
          Math.abs(found.time.getTime() - receivedTimeMs) <= SAME_TIME_MS;
    const suspicion = `back ${stream} ${lane}`;
    if (isSame) {
      this.#certainty.refuted(suspicion);
      return;
    }
    const what = found === null ? 'is not there any more' : 'is another one now';
    const message = `${names.stream(stream)} went back: record ${received} ${what}`;
    throw this.#certainty.seen(suspicion)
      ? this.#replaced(message)
      : new LogError('UNAVAILABLE', message);
  }

  isFinal(error: LogError): boolean {
    return error instanceof FinalError;
  }

  /** Whether the streams are still those of this log. @throws Error while nobody says so; LogError `REPLACED`. */
  async checkStreams({ nats }: Session): Promise<void> {
    const { names, created: made } = this.#deps;
    const known = [
      { name: names.keysStream, createdThen: null },
      { name: names.stream('positions'), createdThen: made.positions },
      { name: names.stream('events'), createdThen: made.events },
    ];
    for (const { name, createdThen } of known) {
      // appends wait for this: without a leader the server would let us wait for nothing
      const timeout = CHECK_LIMIT_MS;
      const answer = await nats.request(`$JS.API.STREAM.INFO.${name}`, '', { timeout });
      const { created, error } = answer.json<Partial<StreamInfo> & { readonly error?: ApiError }>();
      if (error?.err_code === STREAM_NOT_FOUND) throw this.#notFound(name);
      if (created === undefined) throw new Error(`${name}: ${error?.description}`);
      this.#certainty.refuted(`gone ${name}`);
      if (createdThen !== null && created !== createdThen) throw this.#madeAnew(name);
    }
  }

  #info(stream: StreamName): Promise<StreamInfo> {
    return this.#ask(stream, ({ jetstream }) =>
      jetstream.streams.info(this.#deps.names.stream(stream)),
    );
  }

  /** Asks about a stream, and notes whether it is there. */
  async #ask<T>(stream: StreamName, ask: (session: Session) => Promise<T>): Promise<T> {
    const name = this.#deps.names.stream(stream);
    try {
      const answer = await askForCall(this.#deps, `Looking at ${name}`, ask);
      this.#certainty.refuted(`gone ${name}`);
      return answer;
    } catch (error) {
      const cause = error instanceof Error ? error.cause : null;
      if (cause instanceof JetStreamApiError && cause.code === STREAM_NOT_FOUND) {
        throw this.#notFound(name);
      }
      throw error;
    }
  }

  #notFound(name: string): LogError {
    const message = `${name} is not there any more`;
    return this.#certainty.seen(`gone ${name}`)
      ? this.#replaced(message)
      : new LogError('UNAVAILABLE', message);
  }

  #madeAnew(name: string): LogError {
    return this.#replaced(`${name} was made anew and is another log now: restart to check it`);
  }

  #replaced(message: string): LogError {
    const error = new FinalError('REPLACED', message);
    this.#deps.onReplaced(error);
    return error;
  }
}
