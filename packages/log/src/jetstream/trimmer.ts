/**
 * Trims lanes. A lane is trimmed by moving its mark, which readers and bounds respect at once; the server then removes
 * everything before the first record that any lane keeps, whole blocks at a time. (Removing one lane's records from
 * among the others' holds up the stream: 300 to 600 ms for 6,000 records on 2.9.10, measured.)
 *
 * So a lane whose consumers lag keeps the disk space of the others' younger records, too.
 */
import { AckPolicy, DeliverPolicy, type ConsumerConfig } from '@nats-io/jetstream';
import { trustedId, type Lane } from '@followme/model';
import { LogError, type StreamName } from '../port.ts';
import { parseDelivery } from './delivery.ts';
import type { JetStreamLanes } from './lanes.ts';
import type { LogNames } from './names.ts';
import { REQUEST_LIMIT_MS } from './request-limit.ts';
import { askForCall, type RequestDeps } from './requests.ts';
import type { TrimMarks } from './trim-marks.ts';

const NANOSECONDS_PER_MS = 1e6;
/** The helper of one question; the server forgets it after this. */
const LOOK_LIFE_MS = 5000;
const NOT_FOUND = 404;
/** Counting is repeated when the lane grew meanwhile. */
const COUNT_TRIES = 4;

/** What is trimmed with. */
export interface TrimmerDeps extends RequestDeps {
  readonly names: LogNames;
  readonly lanes: JetStreamLanes;
  readonly marks: TrimMarks;
}

/** What a trim may remove. */
export interface TrimLimits {
  readonly olderThanMs: number;
  readonly keepFrom: number;
}

/** Trims lanes by moving their marks, and the stream behind the lowest of them. */
export class Trimmer {
  readonly #deps: TrimmerDeps;
  readonly #streams: Readonly<Record<StreamName, StreamTrim>>;

  constructor(deps: TrimmerDeps, laneCounts: Readonly<Record<StreamName, number>>) {
    this.#deps = deps;
    const create = (stream: StreamName): StreamTrim => ({
      stream,
      floors: Array.from({ length: laneCounts[stream] }, () => 0),
      removedBefore: 0,
      last: Promise.resolve(),
    });
    this.#streams = { positions: create('positions'), events: create('events') };
  }

  /** Trims one lane; answers how many records went. Trims of one stream follow each other. */
  async trim(stream: StreamName, lane: Lane, limits: TrimLimits): Promise<number> {
    const state = this.#streams[stream];
    const trimming = state.last.then(() => this.#trim(state, lane, limits));
    state.last = trimming.catch(() => undefined);
    return trimming;
  }

  async #trim(state: StreamTrim, lane: Lane, limits: TrimLimits): Promise<number> {
    const { lanes, marks, clock } = this.#deps;
    const { stream } = state;
    const storedBeforeMs = Math.max(0, clock.nowMs() - limits.olderThanMs);
    // in this order: what comes between two questions is behind the one and young for the other
    const lastOfStream = await lanes.lastOfStream(stream);
    const last = await lanes.lastOfLane(stream, lane);
    const firstYoung = await this.#firstStoredSince(stream, lane, storedBeforeMs);
    const keep = Math.min(limits.keepFrom, firstYoung ?? last + 1);
    const before = keep > 1 ? await marks.advance(stream, lane, keep - 1) : null;
    const removed = before === null ? 0 : await this.#count(stream, lane, [before, keep - 1]);
    const keepsNone = firstYoung === null && keep > last;
    raise(state, lane, keepsNone ? lastOfStream + 1 : keep);
    await this.#remove(state);
    return removed;
  }

  /** Has the server remove what no lane keeps. */
  async #remove(state: StreamTrim): Promise<void> {
    const { names } = this.#deps;
    for (const _ of state.floors) {
      const lowest = lowestOf(state);
      if (lowest.floor > state.removedBefore + 1) break;
      // its floor may have risen: a lane without records keeps nothing
      const floor = await this.#firstKept(state.stream, lowest.lane);
      if (floor <= lowest.floor) break;
      raise(state, lowest.lane, floor);
    }
    const { floor } = lowestOf(state);
    if (floor - 1 <= state.removedBefore) return;
    await askForCall(this.#deps, 'Trimming a stream', ({ jetstream }) =>
      jetstream.streams.purge(names.stream(state.stream), { seq: floor }),
    );
    state.removedBefore = floor - 1;
  }

  /** No record of the lane that is kept lies before this. */
  async #firstKept(stream: StreamName, lane: Lane): Promise<number> {
    const { lanes, marks } = this.#deps;
    const lastOfStream = await lanes.lastOfStream(stream);
    const first = await lanes.firstOfLane(stream, lane, (await marks.read(stream, lane)) + 1);
    return first ?? lastOfStream + 1;
  }

  /**
   * How many records a lane has after the first and up to the second sequence. Exact, unless another process removes
   * them at this moment, or the lane grows all the while: then it is short by what came between two questions.
   */
  async #count(stream: StreamName, lane: Lane, [after, upTo]: [number, number]): Promise<number> {
    const from = (sequence: number): Promise<number> =>
      this.#look(stream, lane, {
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: sequence + 1,
      }).then(({ pending }) => pending);
    let counted = 0;
    for (let attempt = 0; attempt < COUNT_TRIES; attempt += 1) {
      const all = await from(after);
      counted = all - (await from(upTo));
      if ((await from(after)) === all) return counted;
    }
    return Math.max(0, counted);
  }

  /** Sequence of the lane's first record stored at or after a time, null when there is none. */
  async #firstStoredSince(stream: StreamName, lane: Lane, timeMs: number): Promise<number | null> {
    const { first } = await this.#look(stream, lane, {
      deliver_policy: DeliverPolicy.StartTime,
      opt_start_time: new Date(timeMs).toISOString(),
    });
    return first;
  }

  /** Where the records of a lane begin that a consumer would get, and how many they are. */
  async #look(
    stream: StreamName,
    lane: Lane,
    where: Partial<ConsumerConfig>,
  ): Promise<{ readonly first: number | null; readonly pending: number }> {
    const name = this.#deps.names.stream(stream);
    return askForCall(this.#deps, 'Looking at a lane', async ({ nats, jetstream }) => {
      const look = await jetstream.consumers.add(name, {
        ...where,
        ack_policy: AckPolicy.None,
        filter_subject: this.#deps.names.laneSubject(stream, lane),
        headers_only: true,
        inactive_threshold: LOOK_LIFE_MS * NANOSECONDS_PER_MS,
        mem_storage: true,
        num_replicas: 1,
      });
      const pending = look.num_pending;
      let first: number | null = null;
      if (where.deliver_policy === DeliverPolicy.StartTime && pending > 0) {
        const subject = `$JS.API.CONSUMER.MSG.NEXT.${name}.${look.name}`;
        const message = await nats.request(subject, JSON.stringify({ batch: 1, no_wait: true }), {
          timeout: REQUEST_LIMIT_MS,
          // the record comes with its own subject, which the client's shared inbox would not know
          noMux: true,
        });
        const delivery = parseDelivery(message.reply ?? '');
        if (delivery === null && message.headers?.code !== NOT_FOUND) {
          throw new LogError('UNAVAILABLE', `The server answered ${message.headers?.status}`);
        }
        first = delivery?.sequence ?? null;
      }
      await jetstream.consumers.delete(name, look.name);
      return { first, pending };
    });
  }
}

/** The trimming of one stream; lanes not looked at yet have floor 0. */
interface StreamTrim {
  readonly stream: StreamName;
  /** By lane: no record it keeps lies before this. Only rises. */
  readonly floors: number[];
  /** Everything up to this was removed by this process. */
  removedBefore: number;
  /** The last trim: the next one follows it. */
  last: Promise<unknown>;
}

function raise({ floors }: StreamTrim, lane: Lane, floor: number): void {
  floors[lane] = Math.max(floor, floors[lane] ?? 0);
}

function lowestOf({ floors }: StreamTrim): { readonly lane: Lane; readonly floor: number } {
  const floor = Math.min(...floors);
  return { lane: trustedId<Lane>(floors.indexOf(floor)), floor };
}
