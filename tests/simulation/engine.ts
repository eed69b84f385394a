/**
 * An engine (the log, the store) as processes reach it: over a network that delays and loses, and with bad
 * days of its own. Every call of a port goes through `call`: a request travels, takes effect in one step or
 * not at all, and an answer travels back or does not.
 */
import type { Random } from '@followme/platform';
import type { SimulatedProcess } from './process.ts';
import type { Schedule } from './schedule.ts';

/** Chances of what may happen to one call, 0 … 1, and how slow calls are. */
export interface Weather {
  /** The request never takes effect; the caller hears an error, or nothing until its time is over. */
  readonly requestLost: number;
  /** It took effect, and the caller hears an error, or nothing. */
  readonly answerLost: number;
  /** Request or answer takes up to `slowMs`. */
  readonly slow: number;
  readonly slowMs: number;
  /** Otherwise each way takes up to so long, ms. */
  readonly usualMs: number;
}

/** Nothing is lost, all is quick. */
export const FAIR_WEATHER: Weather = {
  requestLost: 0,
  answerLost: 0,
  slow: 0,
  slowMs: 0,
  usualMs: 4,
};

/** What became of a call, as an error for the caller. */
export type Failure = 'refused' | 'connection lost' | 'no answer';

/** What an engine is made of. */
export interface EngineDeps {
  readonly schedule: Schedule;
  readonly random: Random;
  /** For the trace: `log` or `store`. */
  readonly name: string;
  /** A call that was not answered by then fails: the time-out of the port's own adapter, ms. */
  readonly answerWithinMs: number;
  readonly errorOf: (failure: Failure, what: string) => Error;
}

interface Way {
  readonly requestMs: number;
  readonly answerMs: number;
  readonly lost: 'request' | 'answer' | 'nothing';
  /** Of what is lost, the caller hears at once. */
  readonly isLoud: boolean;
  /** The request is on its way even when its sender dies meanwhile. */
  readonly outlivesSender: boolean;
}

/**
 * States: `up`; `down`, where every call is refused and what is under way is lost; `hung`, as by SIGSTOP,
 * where requests wait and take effect when it goes on. Beside that, the way between it and single processes
 * may be cut: then nothing passes, and what was sent is kept until the way is whole again (as TCP does) or lost.
 */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #cut = new Map<string, number>();
  readonly #kept: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  #state: 'up' | 'down' | 'hung' = 'up';
  #unreachableSinceMs = 0;
  /** Grows when it goes down: what was under way before is lost. */
  #run = 0;
  weather: Weather = FAIR_WEATHER;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  get state(): 'up' | 'down' | 'hung' {
    return this.#state;
  }

  /** How long this process cannot have heard of it, ms. */
  silentForMs(process: SimulatedProcess): number {
    const { nowMs } = this.#deps.schedule;
    const sinceMs = [
      process.deafSinceMs ?? nowMs,
      this.#cut.get(process.name) ?? nowMs,
      this.#state === 'up' ? nowMs : this.#unreachableSinceMs,
    ];
    return nowMs - Math.min(...sinceMs);
  }

  isReachable(process: SimulatedProcess): boolean {
    return this.#state === 'up' && !this.#cut.has(process.name);
  }

  /** Calls `look` after every change of state or ways; the answer ends it. */
  onChange(look: () => void): () => void {
    this.#listeners.add(look);
    return () => void this.#listeners.delete(look);
  }

  goDown(): void {
    this.#leave('down');
    this.#run += 1;
    this.#kept.length = 0;
  }
  hang(): void {
    this.#leave('hung');
  }
  comeUp(): void {
    this.#state = 'up';
    this.#tell();
  }

  /** Nothing passes between it and this process until `mend`. */
  cut(processName: string): void {
    if (!this.#cut.has(processName)) this.#cut.set(processName, this.#deps.schedule.nowMs);
    this.#tell();
  }
  mend(processName: string): void {
    this.#cut.delete(processName);
    this.#tell();
  }

  /**
   * One call: `effect` runs once, at the engine, or never. Settles in `process` only.
   * @throws what `errorOf` makes of a failure, or what `effect` throws.
   */
  call<T>(process: SimulatedProcess, what: string, effect: () => T | Promise<T>): Promise<T> {
    const { random, name, answerWithinMs, errorOf } = this.#deps;
    const label = `${name} ${what}`;
    if (process.state === 'dead') return new Promise(() => undefined);
    const way = this.#drawWay();
    const run = this.#run;
    const endWait = process.waitFor(label);
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (finish: () => void): void => {
        if (isSettled) return;
        isSettled = true;
        cancelTimeout();
        endWait();
        finish();
      };
      const fail = (afterMs: number, failure: Failure): void =>
        void process.after(afterMs, `${label}: ${failure}`, () =>
          settle(() => reject(errorOf(failure, label))),
        );
      const cancelTimeout = process.after(
        answerWithinMs,
        `${label}: no answer`,
        () => settle(() => reject(errorOf('no answer', label))),
        'timer',
      );
      const answer = (finish: () => void): void => {
        if (way.lost === 'answer' || run !== this.#run) {
          if (way.isLoud) fail(way.answerMs, 'connection lost');
          return;
        }
        this.#pass(process, way, `${label} answered`, () =>
          process.receive(`${label} answered`, () => settle(finish)),
        );
      };
      const arrive = (): void => {
        if (process.state === 'dead' && !way.outlivesSender) return;
        if (this.#state === 'down' || run !== this.#run) {
          if (way.isLoud || run === this.#run) fail(random.next() * 2, 'refused');
          return;
        }
        if (way.lost === 'request') {
          if (way.isLoud) fail(way.answerMs, 'connection lost');
          return;
        }
        Promise.resolve()
          .then(effect)
          .then(
            (value) => answer(() => resolve(value)),
            (error: unknown) => answer(() => reject(error)),
          );
      };
      this.#pass(process, { ...way, answerMs: way.requestMs }, label, arrive);
    });
  }

  /** Brings something over the way in `answerMs`; where it is cut, later or never. */
  #pass(
    process: SimulatedProcess,
    way: Pick<Way, 'answerMs' | 'isLoud'>,
    what: string,
    run: () => void,
  ): void {
    this.#deps.schedule.after(way.answerMs, `${process.name} → ${what}`, () => {
      const isCut = this.#cut.has(process.name);
      if (!isCut && this.#state !== 'hung') return run();
      // of what a cut stopped, half is repeated by TCP until it gets through
      if (isCut && !way.isLoud) return;
      this.#kept.push(() =>
        this.#pass(process, { ...way, answerMs: this.#deps.random.next() * 5 }, what, run),
      );
    });
  }

  #drawWay(): Way {
    const { random } = this.#deps;
    const { requestLost, answerLost, slow, slowMs, usualMs } = this.weather;
    const legMs = (): number =>
      random.next() < slow ? random.next() * slowMs : random.next() ** 2 * usualMs;
    const fate = random.next();
    return {
      requestMs: legMs(),
      answerMs: legMs(),
      lost: fate < requestLost ? 'request' : fate < requestLost + answerLost ? 'answer' : 'nothing',
      isLoud: random.next() < 0.6,
      outlivesSender: random.next() < 0.5,
    };
  }

  #leave(state: 'down' | 'hung'): void {
    if (this.#state === 'up') this.#unreachableSinceMs = this.#deps.schedule.nowMs;
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    if (this.#state !== 'hung') for (const retry of this.#kept.splice(0)) retry();
    for (const look of this.#listeners) look();
  }
}
