/**
 * The server may not have heard of the end of a connection that broke, however it broke, and hold the locks of its
 * transaction: it is told.
 */
import type { Clock, Logger } from '@followme/platform';
import type { Backend, Backends } from './backends.ts';

/** How often the server is told, and the pause between; then it finds out by itself. */
const TELL_ATTEMPTS = 15;
const TELL_PAUSE_MS = 1000;

export interface BrokenConnectionsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly backends: Pick<Backends, 'end'>;
}

/** Tells the server of connections that broke, one question at a time. */
export class BrokenConnections {
  readonly #deps: BrokenConnectionsDeps;
  readonly #closed = new AbortController();
  /** What the server may still hold. */
  #left: Backend[] = [];
  #isTelling = false;

  constructor(deps: BrokenConnectionsDeps) {
    this.#deps = deps;
  }

  /** The connection with this end broke. */
  add(backend: Backend): void {
    this.#left.push(backend);
    if (this.#isTelling) return;
    this.#isTelling = true;
    void this.#tell().finally(() => (this.#isTelling = false));
  }

  /** Tells no more after the question under way. */
  close(): void {
    this.#closed.abort();
  }

  async #tell(): Promise<void> {
    const { clock, logger, backends } = this.#deps;
    const { signal } = this.#closed;
    for (let attempt = 1; this.#left.length > 0 && attempt <= TELL_ATTEMPTS; attempt += 1) {
      // a copy: what breaks while the server is told of these is told next
      const told = [...this.#left];
      try {
        await backends.end(told);
        this.#left = this.#left.slice(told.length);
        attempt = 0;
      } catch (error) {
        logger.debug('store.watchFailed', { error, attempt });
        await clock.sleep(TELL_PAUSE_MS, signal).catch(() => undefined);
        if (signal.aborted) break;
      }
    }
    this.#left = [];
  }
}
