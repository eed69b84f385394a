/**
 * Whether the log can be reached: once a second a small record is rewritten, which takes what an append takes, a leader
 * and a majority. A server that is cut off from the others answers pings, but not this.
 */
import type { CancelTimer, Clock, Logger } from '@followme/platform';
import type { Connection } from './connection.ts';
import type { LogNames } from './names.ts';

const BEAT_MS = 1000;
const BEAT_WHILE_SILENT_MS = 250;
const ANSWER_LIMIT_MS = 2000;
const MISSES_TO_MOVE = 2;
/** A server that only says that nobody holds the stream is left after this: others may be with those who do. */
const REFUSALS_LIMIT_MS = 5000;

/** What the pulse is measured with. */
export interface PulseDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connection: Connection;
  readonly names: LogNames;
}

/** Whether the log is heard of, and for how long it was not. */
export class Pulse {
  readonly #deps: PulseDeps;
  /** Since when nothing was heard, ms of the clock; null while something is. */
  #silentSinceMs: number | null = null;
  #isBeating = false;
  #missesInARow = 0;
  /** Since when the present server is asked, ms of the clock. */
  #serverSinceMs: number;
  #cancel: CancelTimer = () => undefined;
  #isStopped = false;

  constructor(deps: PulseDeps) {
    this.#deps = deps;
    this.#serverSinceMs = deps.clock.monotonicMs();
    this.#schedule(BEAT_MS);
  }

  /** How long the log is silent, ms; 0 while it is heard of. */
  silentForMs(): number {
    return this.#silentSinceMs === null ? 0 : this.#deps.clock.monotonicMs() - this.#silentSinceMs;
  }

  /** The log acknowledged or handed out something. */
  heard(): void {
    this.#missesInARow = 0;
    if (this.#silentSinceMs === null) return;
    this.#silentSinceMs = this.#isBeating ? this.#deps.clock.monotonicMs() : null;
  }

  /** The connection is lost. */
  lost(): void {
    this.#silentSinceMs ??= this.#deps.clock.monotonicMs();
  }

  /** There is a connection again: is the log behind it? */
  look(): void {
    this.#serverSinceMs = this.#deps.clock.monotonicMs();
    this.#missesInARow = 0;
    this.#cancel();
    void this.#beat();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#deps.clock.after(delayMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    const { connection, names, clock } = this.#deps;
    if (this.#isBeating || this.#isStopped) return;
    const session = connection.session();
    if (session !== null) {
      this.#isBeating = true;
      this.#silentSinceMs ??= clock.monotonicMs();
      try {
        const answer = await session.nats.request(names.pulseSubject, '', {
          timeout: ANSWER_LIMIT_MS,
        });
        if (answer.string().includes('"error"')) throw new Error(answer.string());
        this.#silentSinceMs = null;
        this.#missesInARow = 0;
      } catch (error) {
        this.#onMiss(error);
      } finally {
        this.#isBeating = false;
      }
    }
    if (!this.#isStopped)
      this.#schedule(this.#silentSinceMs === null ? BEAT_MS : BEAT_WHILE_SILENT_MS);
  }

  /**
   * A server that does not answer is left soon. One that says "nobody holds the stream" is asked again for a while,
   * since a leader may be elected; if it goes on, the server may be cut off from the others.
   */
  #onMiss(error: unknown): void {
    this.#deps.logger.debug('log.silent', { error });
    if (error instanceof Error && error.name === 'TimeoutError') {
      this.#missesInARow += 1;
      if (this.#missesInARow < MISSES_TO_MOVE) return;
    } else {
      const nowMs = this.#deps.clock.monotonicMs();
      const sinceMs = Math.max(this.#silentSinceMs ?? nowMs, this.#serverSinceMs);
      if (nowMs - sinceMs < REFUSALS_LIMIT_MS) return;
    }
    this.#missesInARow = 0;
    this.#deps.connection.moveOn('silent');
  }
}
