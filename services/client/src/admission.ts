/**
 * A bound on the work that people cause: some at once, some waiting, nobody longer than a moment. What is beyond is
 * refused at once, so that a flood takes neither the database nor the memory from others. Each kind of work has a
 * bound of its own: a flood of one kind does not stand before another. Within a kind customers take turns
 * (`fair-line`), and one customer never has all places.
 */
import type { CancelTimer, Clock, Metrics } from '@followme/platform';
import { FairLine, type Share } from './fair-line.ts';

/** Bounds of one kind of work. */
export interface AdmissionLimits {
  /** The kind, as the counter names it. */
  readonly kind: 'httpKey' | 'socketKey' | 'login' | 'branding' | 'preview' | 'request';
  /** Places. */
  readonly atOnce: number;
  /** Places that one customer may have. */
  readonly perTenant: number;
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
  enter(share: Share): Promise<Leave | null>;
}

interface Waiter {
  readonly tenant: string;
  readonly answer: (leave: Leave | null) => void;
  readonly cancelLimit: CancelTimer;
}

/** Places taken, in all and by each customer. */
class Places {
  readonly #atOnce: number;
  readonly #perTenant: number;
  readonly #byTenant = new Map<string, number>();
  #taken = 0;

  constructor({ atOnce, perTenant }: AdmissionLimits) {
    this.#atOnce = atOnce;
    this.#perTenant = perTenant;
  }

  get isFree(): boolean {
    return this.#taken < this.#atOnce;
  }

  isFreeFor(tenant: string): boolean {
    return this.isFree && (this.#byTenant.get(tenant) ?? 0) < this.#perTenant;
  }

  take(tenant: string): void {
    this.#taken += 1;
    this.#byTenant.set(tenant, (this.#byTenant.get(tenant) ?? 0) + 1);
  }

  giveBack(tenant: string): void {
    this.#taken -= 1;
    const left = (this.#byTenant.get(tenant) ?? 1) - 1;
    if (left === 0) this.#byTenant.delete(tenant);
    else this.#byTenant.set(tenant, left);
  }
}

/** There was no place for work in time; whoever asked may come again. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

/** A bound with all places free. */
export function createAdmission(
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
  limits: AdmissionLimits,
): Admission {
  const { kind, waiting, waitMs } = limits;
  const counter = metrics.counter(
    'followme_admission_total',
    'Work that people cause, by whether it got a place',
    ['kind', 'outcome'],
  );
  const admitted = counter.of({ kind, outcome: 'admitted' });
  const refused = counter.of({ kind, outcome: 'refused' });
  const displaced = counter.of({ kind, outcome: 'displaced' });
  const late = counter.of({ kind, outcome: 'late' });
  const line = new FairLine<Waiter>(waiting);
  metrics.gauge('followme_admission_waiting', 'Work that waits for a place', () => line.size, {
    kind,
  });
  const places = new Places(limits);

  const take = (tenant: string): Leave => {
    admitted.inc();
    places.take(tenant);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      places.giveBack(tenant);
      serve();
    };
  };
  /** Gives free places to those whose turn it is. */
  const serve = (): void => {
    while (places.isFree) {
      const next = line.next((tenant) => places.isFreeFor(tenant));
      if (next === null) return;
      next.cancelLimit();
      next.answer(take(next.tenant));
    }
  };
  const wait = (share: Share): Promise<Leave | null> =>
    new Promise((resolve) => {
      const waiter: Waiter = {
        tenant: share.tenant,
        answer: resolve,
        cancelLimit: clock.after(waitMs, () => {
          line.leave(share, waiter);
          late.inc();
          resolve(null);
        }),
      };
      const joined = line.join(share, waiter);
      if (joined.kind === 'waits') return;
      const loser = joined.kind === 'refused' ? waiter : joined.item;
      (joined.kind === 'refused' ? refused : displaced).inc();
      loser.cancelLimit();
      loser.answer(null);
    });

  return {
    enter(share) {
      return places.isFreeFor(share.tenant) ? Promise.resolve(take(share.tenant)) : wait(share);
    },
  };
}
