import type { Clock } from '@followme/platform';

/** Wakes a loop that waits; a call that comes while it works makes its next wait end at once. */
export interface Signal {
  set(): void;
  /** Resolves at the next `set` since the last wait, after `limitMs` at the latest. */
  wait(clock: Clock, limitMs: number): Promise<void>;
}

/** A signal that is not set. */
export function createSignal(): Signal {
  let isSet = false;
  let wake: (() => void) | null = null;
  return {
    set() {
      isSet = true;
      wake?.();
    },
    async wait(clock, limitMs) {
      if (!isSet) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(limitMs, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
        wake = null;
      }
      isSet = false;
    },
  };
}
