/**
 * Groups writes into transactions, at most one under way.
 *
 * States: `idle` (nothing under way) → the first write opens a group → `open` (all writes of the same turn of
 * the event loop join it) → the turn ends → `committing` (writes wait) → durable → the waiting writes open
 * the next group, or `idle`. So while the disk is busy the next group grows by itself, one thread of Node's
 * pool is held at most, and a write waits for at most two syncs.
 */
import { LogError } from '../port.ts';
import type { Engine } from './engine.ts';

export interface Committer {
  /** Bytes of records accepted and not yet durable. */
  pendingBytes(): number;
  /**
   * Runs `write`, which only puts and removes, in the next transaction, in the order of the calls.
   * @throws LogError `UNAVAILABLE` when the transaction failed, `CLOSED` after `close`.
   */
  commit(bytes: number, write: () => void): Promise<void>;
  /** Refuses further writes; resolves when those accepted are settled. */
  close(): Promise<void>;
}

interface Write {
  readonly bytes: number;
  readonly run: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Phase = 'idle' | 'open' | 'committing';

class GroupCommitter implements Committer {
  readonly #engine: Engine;
  /** Called with the cause of every transaction that failed. */
  readonly #onFailure: (cause: unknown) => void;
  #phase: Phase = 'idle';
  /** Parts of the open or committing group whose outcome is not known. */
  #partsUnderWay = 0;
  #pendingBytes = 0;
  #waiting: Write[] = [];
  #closed = false;
  readonly #idleListeners: (() => void)[] = [];

  constructor(engine: Engine, onFailure: (cause: unknown) => void) {
    this.#engine = engine;
    this.#onFailure = onFailure;
  }

  pendingBytes(): number {
    return this.#pendingBytes;
  }

  commit(bytes: number, write: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new LogError('CLOSED', 'The log is closed'));
        return;
      }
      this.#pendingBytes += bytes;
      const entry = { bytes, run: write, resolve, reject };
      if (this.#phase === 'committing') this.#waiting.push(entry);
      else this.#start([entry]);
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    if (this.#phase === 'idle') return Promise.resolve();
    return new Promise((resolve) => void this.#idleListeners.push(resolve));
  }

  /** Hands `writes` to the engine as one part of the open group. */
  #start(writes: readonly Write[]): void {
    if (this.#phase !== 'open') {
      this.#phase = 'open';
      // the engine begins its transaction in an immediate too: what is handed over until then shares it
      setImmediate(() => {
        if (this.#phase === 'open') this.#phase = 'committing';
      });
    }
    this.#partsUnderWay += 1;
    this.#engine
      .transact(() => {
        for (const write of writes) write.run();
      })
      .then(
        () => this.#settle(writes, (write) => write.resolve()),
        async (error: unknown) => {
          const cause = await causeOf(error);
          this.#onFailure(cause);
          const failure = new LogError('UNAVAILABLE', 'The log could not be written', { cause });
          this.#settle(writes, (write) => write.reject(failure));
        },
      );
  }

  #settle(writes: readonly Write[], tell: (write: Write) => void): void {
    for (const write of writes) {
      this.#pendingBytes -= write.bytes;
      tell(write);
    }
    this.#partsUnderWay -= 1;
    if (this.#partsUnderWay > 0) return;
    this.#phase = 'idle';
    const next = this.#waiting;
    this.#waiting = [];
    if (next.length > 0) this.#start(next);
    else for (const listener of this.#idleListeners.splice(0)) listener();
  }
}

/**
 * The reason behind a failed commit: lmdb rejects with a general error that carries a second promise,
 * rejected with the reason; left alone that one would end the process as an unhandled rejection.
 */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}

/** A committer over `engine`; `onFailure` hears the cause of every failed transaction. */
export function createCommitter(engine: Engine, onFailure: (cause: unknown) => void): Committer {
  return new GroupCommitter(engine, onFailure);
}
