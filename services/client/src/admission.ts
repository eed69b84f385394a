/**
 * A bound on the work that people cause before we know who they are: some at once, some waiting in the
 * order they came, nobody longer than a moment. What is beyond is refused at once, so that a flood of
 * made-up keys or logins takes neither the database nor the memory from others. Each kind of work has a
 * bound of its own: a flood of one kind does not stand before another.
 */
import type { CancelTimer, Clock, Metrics } from '@followme/platform';

/** Bounds of one kind of work. */
export interface AdmissionLimits {
  /** The kind, as the counter names it. */
  readonly kind: 'httpKey' | 'socketKey' | 'login' | 'branding';
  /** Places. */
  readonly atOnce: number;
  /** Most that wait for a place. */
  readonly waiting: number;
  /** Longest wait, ms. */
  readonly waitMs: number;
}

/** Gives a place back; a second call does nothing. */
export type Leave = () => void;

export interface Admission {
  /**
   * Takes a place, in this very call when one is free. Null when too many wait already or the wait took too
   * long. Whoever got a place gives it back in a `finally`.
   */
  enter(): Promise<Leave | null>;
}

interface Waiter {
  readonly answer: (leave: Leave | null) => void;
  readonly cancelLimit: CancelTimer;
}

/** A bound with all places free. */
export function createAdmission(
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
  { kind, atOnce, waiting, waitMs }: AdmissionLimits,
): Admission {
  const counter = metrics.counter(
    'followme_strangers_total',
    'Work for people not yet known, by what became of it',
    ['kind', 'outcome'],
  );
  const admitted = counter.of({ kind, outcome: 'admitted' });
  const overloaded = counter.of({ kind, outcome: 'overloaded' });
  // a set keeps the order of arrival and lets go of any waiter at once
  const waiters = new Set<Waiter>();
  let taken = 0;

  /** A taken place, and how it goes to who waits longest, or becomes free. */
  const createLeave = (): Leave => {
    admitted.inc();
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      const [next] = waiters;
      if (next === undefined) {
        taken -= 1;
        return;
      }
      waiters.delete(next);
      next.cancelLimit();
      next.answer(createLeave());
    };
  };
  const wait = (): Promise<Leave | null> =>
    new Promise((resolve) => {
      const waiter: Waiter = {
        answer: resolve,
        cancelLimit: clock.after(waitMs, () => {
          waiters.delete(waiter);
          overloaded.inc();
          resolve(null);
        }),
      };
      waiters.add(waiter);
    });

  return {
    enter() {
      if (taken < atOnce) {
        taken += 1;
        return Promise.resolve(createLeave());
      }
      if (waiters.size < waiting) return wait();
      overloaded.inc();
      return Promise.resolve(null);
    },
  };
}
