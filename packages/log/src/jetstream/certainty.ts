/**
 * What must not be believed at once: a server that is coming up, or a leader that was just elected, may for a moment
 * say that a stream is gone or ends too early. It counts when it was seen several times over a while.
 */
import type { Clock } from '@followme/platform';

const SIGHTS = 3;
const SPAN_MS = 3000;
/** Sights farther apart have nothing to do with each other. */
const FORGET_MS = 15_000;

interface Suspicion {
  readonly sinceMs: number;
  lastMs: number;
  sights: number;
}

export class Certainty {
  readonly #clock: Clock;
  /** By what is suspected; few, since each names a stream or a lane. */
  readonly #suspicions = new Map<string, Suspicion>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `what` was seen (again); true when that was often enough, over 3 s or more. */
  seen(what: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    let present = this.#suspicions.get(what);
    if (present === undefined || nowMs - present.lastMs > FORGET_MS) {
      present = { sinceMs: nowMs, lastMs: nowMs, sights: 0 };
      this.#suspicions.set(what, present);
    }
    present.lastMs = nowMs;
    present.sights += 1;
    return present.sights >= SIGHTS && nowMs - present.sinceMs >= SPAN_MS;
  }

  /** `what` is not so. */
  refuted(what: string): void {
    this.#suspicions.delete(what);
  }
}
