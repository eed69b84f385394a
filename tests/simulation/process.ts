/**
 * One life of a process: from its start to its end. All that its code waits for (timers, answers of engines,
 * sockets) comes through here, so that it can be frozen and killed at every await.
 *
 * - `running`: what is due happens.
 * - `frozen`, as by SIGSTOP: what becomes due waits. Its clock goes on; it does not notice.
 * - `dead`: nothing reaches it any more, for ever. Requests that it had sent are on their way all the same.
 */
import { AbortError, type CancelTimer, type Clock, type Random } from '@followme/platform';
import type { Schedule } from './schedule.ts';

/** 2026-01-01T12:00:00Z: when virtual time 0 is by the wall clock. */
export const START_MS = Date.UTC(2026, 0, 1, 12);

/** Longest that a timer is late because the process is busy, ms. */
const TIMER_LATENESS_MS = 1.5;

interface Held {
  readonly kind: 'timer' | 'answer';
  readonly what: string;
  readonly run: () => void;
}

/** What a process is made of. */
export interface ProcessDeps {
  readonly schedule: Schedule;
  readonly random: Random;
  /** Names it in the trace and in lease rows; unique in the world. */
  readonly name: string;
}

/** One life of a process. */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #held: Held[] = [];
  readonly #pending = new Map<number, { readonly what: string; readonly sinceMs: number }>();
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #calls = 0;
  /** It last heard of the outside at the latest here: when it was frozen, until a little after it goes on. */
  #deafSinceMs: number | null = null;

  constructor(deps: ProcessDeps) {
    this.name = deps.name;
    this.#schedule = deps.schedule;
    this.#random = deps.random;
    this.clock = createClock(this, deps);
  }

  get state(): 'running' | 'frozen' | 'dead' {
    return this.#state;
  }
  /** Since when it has not heard anything, as it was frozen; null while it hears. */
  get deafSinceMs(): number | null {
    return this.#deafSinceMs;
  }
  /** What its code waits for: calls that were not answered. */
  get pending(): readonly string[] {
    return Array.from(
      this.#pending.values(),
      ({ what, sinceMs }) => `${this.name} waits since ${Math.round(sinceMs)} ms for ${what}`,
    );
  }

  /** Something that its code waits for begins; the answer ends it. */
  waitFor(what: string): () => void {
    this.#calls += 1;
    const call = this.#calls;
    this.#pending.set(call, { what, sinceMs: this.#schedule.nowMs });
    return () => void this.#pending.delete(call);
  }

  /** Calls `run` inside this process in `delayMs`, later when it is frozen, never when it is dead. */
  after(
    delayMs: number,
    what: string,
    run: () => void,
    kind: Held['kind'] = 'answer',
  ): CancelTimer {
    let isCancelled = false;
    const unlessCancelled = (): void => {
      if (!isCancelled) run();
    };
    const arrive = (): void => this.receive(what, unlessCancelled, kind);
    const cancel = this.#schedule.after(delayMs, `${this.name}: ${what}`, arrive);
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Something arrives now: it happens at once, later when the process is frozen, never when it is dead. */
  receive(what: string, run: () => void, kind: Held['kind'] = 'answer'): void {
    if (this.#state === 'running') run();
    else if (this.#state === 'frozen') this.#held.push({ kind, what, run });
  }

  /** Stops it, for now. */
  freeze(): void {
    if (this.#state !== 'running') return;
    this.#state = 'frozen';
    this.#deafSinceMs = this.#schedule.nowMs;
  }

  /** Lets it go on: what became due happens now, timers in their order, answers in any. */
  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    const timersFirst = this.#random.next() < 0.5;
    for (const { kind, what, run } of this.#held.splice(0)) {
      const late = kind === 'timer' ? (timersFirst ? 0 : 2) : this.#random.next() * 3;
      this.after(late, `${what} (held)`, run, kind);
    }
    this.after(this.#random.next() * 300, 'hears again', () => (this.#deafSinceMs = null));
  }

  /** Ends it for good. */
  kill(): void {
    this.#state = 'dead';
    this.#held.length = 0;
    this.#pending.clear();
  }
}

/** The machine's clock as the process sees it: timers come a little late, in the order of their time. */
function createClock(process: SimulatedProcess, { schedule, random }: ProcessDeps): Clock {
  const timer = (delayMs: number, what: string, run: () => void): CancelTimer =>
    process.after(delayMs + random.next() * TIMER_LATENESS_MS, what, run, 'timer');
  return {
    nowMs: () => START_MS + Math.floor(schedule.nowMs),
    monotonicMs: () => schedule.nowMs,
    after: (delayMs, run) => timer(delayMs, 'timer', run),
    every(periodMs, run) {
      if (!(periodMs > 0)) throw new Error(`A period is more than 0 ms, got ${periodMs}`);
      let cancel: CancelTimer = () => undefined;
      let isCancelled = false;
      const again = (): void => {
        cancel = timer(periodMs, 'interval', () => {
          run();
          if (!isCancelled) again();
        });
      };
      again();
      return () => {
        isCancelled = true;
        cancel();
      };
    },
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => {
          cancel();
          reject(new AbortError('sleep'));
        };
        const cancel = timer(delayMs, 'sleep', () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        if (signal?.aborted === true) onAbort();
        else signal?.addEventListener('abort', onAbort, { once: true });
      }),
  };
}
