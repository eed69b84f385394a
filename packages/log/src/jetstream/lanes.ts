/**
 * What lies in a lane. A lane is one subject of its stream; sequences are the stream's.
 *
 * What is at or before the mark of a lane (`trim-marks.ts`) was trimmed and counts as gone, whether the server has
 * removed it yet or not; every record after the mark must be there. So a lane trimmed empty knows its last sequence.
 */
import type { ApiError, StreamInfo } from '@nats-io/jetstream';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock } from '@followme/platform';
import { LogError, type LaneBounds, type StreamName } from '../port.ts';
import type { Session } from './connection.ts';
import type { LogNames } from './names.ts';
import type { LaneLook, ReadingPlace } from './readers.ts';
import { askForCall, type RequestDeps } from './requests.ts';
import type { TrimMarks } from './trim-marks.ts';

const CHECK_LIMIT_MS = 500;

/** What lanes are looked at with. */
export interface LanesDeps extends RequestDeps {
  readonly clock: Clock;
  readonly names: LogNames;
  readonly marks: TrimMarks;
  /** When each stream was made. */
  readonly created: Readonly<Record<StreamName, string>>;
}

/** The record that will never be there again, or never was: reading cannot go on. */
class FinalError extends LogError {}

/** What the servers know of lanes: their ends, and what was trimmed. */
export class JetStreamLanes implements LaneLook {
  readonly #deps: LanesDeps;

  constructor(deps: LanesDeps) {
    this.#deps = deps;
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
    const oldest = await askForCall(this.#deps, 'Looking at a lane', ({ jetstream }) =>
      jetstream.streams.getMessage(names.stream(stream), query),
    );
    return oldest?.seq ?? null;
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

  async checkPlace({ stream, lane, next, received }: ReadingPlace): Promise<number> {
    const { state, created } = await this.#info(stream);
    const name = this.#deps.names.stream(stream);
    if (created !== this.#deps.created[stream]) throw madeAnew(name);
    if (received > state.last_seq) {
      throw new FinalError(
        'REPLACED',
        `${name} went back: it ends at ${state.last_seq} and had ${received}`,
      );
    }
    const trimmed = await this.#deps.marks.read(stream, lane);
    const before = next - 1;
    if (trimmed >= before || before >= state.first_seq) return Math.max(next, trimmed + 1);
    throw new FinalError(
      'UNAVAILABLE',
      `Lane ${lane} of ${stream} has no record ${before} any more, and only up to ${trimmed} they were trimmed`,
    );
  }

  isFinal(error: LogError): boolean {
    return error instanceof FinalError;
  }

  /** Whether the streams are still those of this log. @throws Error while nobody says so; LogError `REPLACED`. */
  async checkStreams({ nats }: Session): Promise<void> {
    for (const stream of ['positions', 'events'] as const) {
      const name = this.#deps.names.stream(stream);
      // appends wait for this: without a leader the server would let us wait for nothing
      const timeout = CHECK_LIMIT_MS;
      const answer = await nats.request(`$JS.API.STREAM.INFO.${name}`, '', { timeout });
      const { created, error } = answer.json<Partial<StreamInfo> & { readonly error?: ApiError }>();
      if (created === undefined) throw new Error(`${name}: ${error?.description}`);
      if (created !== this.#deps.created[stream]) throw madeAnew(name);
    }
  }

  #info(stream: StreamName): Promise<StreamInfo> {
    return askForCall(this.#deps, 'Looking at a stream', ({ jetstream }) =>
      jetstream.streams.info(this.#deps.names.stream(stream)),
    );
  }
}

function madeAnew(name: string): LogError {
  return new FinalError(
    'REPLACED',
    `${name} was made anew and is another log now: restart to check it`,
  );
}
