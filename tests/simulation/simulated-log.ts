/**
 * The durable log of a simulated installation, in memory, and the log port as one process has it. What was
 * appended stays; everything on the way to it may be slow, lost or repeated. Readers may stall, end by
 * themselves or fail at every step; broadcasts may be lost and come in any order.
 */
import { setMaxListeners } from 'node:events';
import {
  DUPLICATE_WINDOW_MS,
  LogError,
  type Appended,
  type KeyEntry,
  type LaneBounds,
  type Log,
  type LogRecord,
  type StreamName,
} from '@followme/log';
import { type Lane, lanesOf, type LogSequence, trustedId } from '@followme/model';
import type { Random } from '@followme/platform';
import { Engine, type Failure } from './engine.ts';
import { START_MS, type SimulatedProcess } from './process.ts';
import type { Schedule } from './schedule.ts';

/** A call that the engine did not answer by then fails, ms. */
const ANSWER_WITHIN_MS = 5_000;
/** Most records that one step of a reader brings. */
const CHUNK_RECORDS = 8;

/** Chances of what may happen at one step of a reader, 0 … 1. */
export interface ReaderWeather {
  /** It says nothing for up to `stallMs`, then goes on. */
  readonly stall: number;
  readonly stallMs: number;
  /** The iteration ends by itself. */
  readonly end: number;
  /** The iteration throws. */
  readonly fail: number;
  /** A broadcast is lost to one hearer. */
  readonly deaf: number;
}

const FAIR_READERS: ReaderWeather = { stall: 0, stallMs: 0, end: 0, fail: 0, deaf: 0 };

type Step = readonly LogRecord[] | 'ended';

interface Hearer {
  readonly process: SimulatedProcess;
  readonly hear: (payload: Uint8Array) => void;
}

const isAborted = (signals: readonly AbortSignal[]): boolean =>
  signals.some((signal) => signal.aborted);

const unavailable = (failure: Failure, what: string): Error =>
  new LogError('UNAVAILABLE', `${what}: ${failure}`);

/** All lanes of both streams, keys and broadcasts. */
export class SimulatedLog {
  readonly engine: Engine;
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #laneCount: number;
  readonly #records = new Map<string, LogRecord[]>();
  readonly #ids = new Map<
    string,
    { readonly sequence: LogSequence; readonly storedTimeMs: number }
  >();
  /** By lane: newest sequence that was trimmed. */
  readonly #trimmed = new Map<string, number>();
  readonly #keys = new Map<string, KeyEntry>();
  #revision = 0;
  #appended = 0;
  readonly #hearers = new Map<string, Set<Hearer>>();
  /** Called when a lane got a record, by stream and lane. */
  readonly #waiting = new Map<string, Set<() => void>>();
  readers: ReaderWeather = FAIR_READERS;

  constructor(deps: {
    readonly schedule: Schedule;
    readonly random: Random;
    readonly lanes: number;
  }) {
    this.#schedule = deps.schedule;
    this.#random = deps.random;
    this.#laneCount = deps.lanes;
    this.engine = new Engine({
      schedule: deps.schedule,
      random: deps.random.fork('ways'),
      name: 'log',
      answerWithinMs: ANSWER_WITHIN_MS,
      errorOf: unavailable,
    });
  }

  get lanes(): readonly Lane[] {
    return lanesOf(this.#laneCount);
  }

  /** Records that were ever appended, to all lanes. */
  get appended(): number {
    return this.#appended;
  }

  /** All that was ever appended to a lane, also what was trimmed. */
  records(stream: StreamName, lane: Lane): readonly LogRecord[] {
    return this.#laneRecords(stream, lane);
  }

  /** Forgets what lies before `keepFrom` for those who read from now on. */
  trim(stream: StreamName, lane: Lane, keepFrom: number): void {
    const name = `${stream}/${lane}`;
    const upTo = Math.min(keepFrom - 1, this.#laneRecords(stream, lane).length);
    this.#trimmed.set(name, Math.max(upTo, this.#trimmedUpTo(name)));
  }

  /** Nothing of readers and broadcasts goes wrong any more. */
  calmDown(): void {
    this.readers = FAIR_READERS;
  }

  /** The log as `process` has it. */
  connect(process: SimulatedProcess): Log {
    const { engine } = this;
    const closed = new AbortController();
    setMaxListeners(0, closed.signal);
    return {
      identity: 'the simulated log',
      durability: 'Nothing survives the simulation.',
      lanes: () => this.#laneCount,
      silentForMs: () => engine.silentForMs(process),
      append: (stream, lane, payload, options) => {
        const copy = new Uint8Array(payload);
        return engine.call(process, `append to ${stream} ${lane}`, () =>
          this.#append(stream, lane, { payload: copy, recordId: options?.recordId }),
        );
      },
      read: (stream, lane, from, signal) =>
        this.#read(process, { stream, lane, from, signals: [signal, closed.signal] }),
      bounds: (stream, lane) =>
        engine.call(process, `bounds of ${stream} ${lane}`, () => this.#bounds(stream, lane)),
      trim: async () => 0,
      broadcast: (subject, payload) => this.#broadcast(process, subject, new Uint8Array(payload)),
      subscribe: (subject, hear) => this.#subscribe(subject, { process, hear }),
      getKey: (key) => engine.call(process, 'get a key', () => this.#keys.get(key) ?? null),
      setKey: (key, value, expected) =>
        engine.call(process, 'set a key', () => this.#setKey(key, value, expected)),
      deleteKey: (key, expected) =>
        engine.call(
          process,
          'delete a key',
          () => this.#keys.get(key)?.revision === expected && this.#keys.delete(key),
        ),
      close: async () => closed.abort(),
    };
  }

  #laneRecords(stream: StreamName, lane: Lane): LogRecord[] {
    const name = `${stream}/${lane}`;
    const known = this.#records.get(name) ?? [];
    this.#records.set(name, known);
    return known;
  }

  #trimmedUpTo(name: string): number {
    return this.#trimmed.get(name) ?? 0;
  }

  #append(
    stream: StreamName,
    lane: Lane,
    record: { readonly payload: Uint8Array; readonly recordId: string | undefined },
  ): Appended {
    const records = this.#laneRecords(stream, lane);
    const storedTimeMs = START_MS + Math.floor(this.#schedule.nowMs);
    const id = record.recordId === undefined ? null : `${stream}/${record.recordId}`;
    const known = id === null ? undefined : this.#ids.get(id);
    if (known !== undefined && storedTimeMs - known.storedTimeMs < DUPLICATE_WINDOW_MS) {
      return { sequence: known.sequence, duplicate: true };
    }
    const sequence = trustedId<LogSequence>(records.length + 1);
    records.push({ lane, sequence, storedTimeMs, payload: record.payload });
    this.#appended += 1;
    if (id !== null) this.#ids.set(id, { sequence, storedTimeMs });
    for (const wake of this.#waiting.get(`${stream}/${lane}`) ?? []) wake();
    return { sequence, duplicate: false };
  }

  #bounds(stream: StreamName, lane: Lane): LaneBounds {
    const last = trustedId<LogSequence>(this.#laneRecords(stream, lane).length);
    const first = trustedId<LogSequence>(this.#trimmedUpTo(`${stream}/${lane}`) + 1);
    return { first, last };
  }

  #setKey(key: string, value: Uint8Array, expected: number | null): number | null {
    if ((this.#keys.get(key)?.revision ?? null) !== expected) return null;
    this.#revision += 1;
    this.#keys.set(key, { value, revision: this.#revision });
    return this.#revision;
  }

  #broadcast(sender: SimulatedProcess, subject: string, payload: Uint8Array): void {
    if (!this.engine.isReachable(sender)) return;
    for (const { process, hear } of this.#hearers.get(subject) ?? []) {
      const isLost = this.#random.next() < this.readers.deaf || !this.engine.isReachable(process);
      if (isLost) continue;
      process.after(this.#random.next() * 10, `hears ${subject}`, () => hear(payload));
    }
  }

  #subscribe(subject: string, hearer: Hearer): () => void {
    const hearers = this.#hearers.get(subject) ?? new Set();
    this.#hearers.set(subject, hearers.add(hearer));
    return () => void hearers.delete(hearer);
  }

  async *#read(
    process: SimulatedProcess,
    place: {
      readonly stream: StreamName;
      readonly lane: Lane;
      readonly from: LogSequence;
      readonly signals: readonly AbortSignal[];
    },
  ): AsyncGenerator<LogRecord, void, undefined> {
    let next = Math.max(1, place.from);
    while (!isAborted(place.signals)) {
      const step = await this.#step(process, { ...place, next });
      if (step === 'ended') return;
      for (const record of step) {
        yield record;
        if (isAborted(place.signals)) return;
        next = record.sequence + 1;
      }
    }
  }

  /** The next records of a lane, when there are any and the reader gets to see them. */
  #step(
    process: SimulatedProcess,
    place: {
      readonly stream: StreamName;
      readonly lane: Lane;
      readonly next: number;
      readonly signals: readonly AbortSignal[];
    },
  ): Promise<Step> {
    const { stream, lane, next, signals } = place;
    const name = `${stream}/${lane}`;
    const what = `reads ${stream} ${lane}`;
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    return new Promise((resolve, reject) => {
      let isOnItsWay = false;
      const stopWatching = this.engine.onChange(() => look());
      const finish = (end: () => void): void => {
        waiting.delete(look);
        stopWatching();
        for (const signal of signals) signal.removeEventListener('abort', onAbort);
        end();
      };
      const onAbort = (): void => finish(() => resolve('ended'));
      const arrive = (): void => {
        isOnItsWay = false;
        if (isAborted(signals)) return;
        // what was cut off meanwhile comes when the way is whole
        if (!this.engine.isReachable(process)) return;
        const fate = this.#random.next();
        const { end, fail } = this.readers;
        if (fate < end) return finish(() => resolve('ended'));
        if (fate < end + fail) return finish(() => reject(unavailable('connection lost', what)));
        const records = this.#laneRecords(stream, lane);
        const first = Math.max(next - 1, this.#trimmedUpTo(name));
        const chunk = records.slice(first, first + 1 + this.#random.integer(0, CHUNK_RECORDS - 1));
        if (chunk.length === 0) return;
        finish(() => resolve(chunk));
      };
      const look = (): void => {
        if (isOnItsWay || process.state === 'dead' || !this.engine.isReachable(process)) return;
        if (this.#laneRecords(stream, lane).length < next) return;
        isOnItsWay = true;
        const { stall, stallMs } = this.readers;
        const isStalled = this.#random.next() < stall;
        process.after(this.#random.next() * (isStalled ? stallMs : 3), what, arrive);
      };
      if (isAborted(signals)) return resolve('ended');
      for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true });
      waiting.add(look);
      look();
    });
  }
}
