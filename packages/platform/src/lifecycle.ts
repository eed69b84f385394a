/** What starts must stop: parts are stopped in reverse order of their start, each with a deadline. */
import { withDeadline, type Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** A running part of a process. */
export interface Running {
  /** Stops taking work, finishes what was accepted, lets go. Called once. */
  stop(): Promise<void>;
}

export interface Lifecycle {
  /** Registers a part that has started. */
  add(name: string, part: Running): void;
  /**
   * Stops everything in reverse order. A part that fails or hangs is logged and the others still stop; the
   * answer is whether all ended well.
   */
  stopAll(deadlineMsEach: number): Promise<boolean>;
}

export function createLifecycle(deps: { clock: Clock; logger: Logger }): Lifecycle {
  const parts: { name: string; part: Running }[] = [];
  return {
    add: (name, part) => void parts.push({ name, part }),
    async stopAll(deadlineMsEach) {
      let isClean = true;
      for (const { name, part } of parts.splice(0).toReversed()) {
        try {
          await withDeadline(deps.clock, deadlineMsEach, `stopping ${name}`, part.stop());
        } catch (error) {
          isClean = false;
          deps.logger.error('lifecycle.stopFailed', { part: name, error });
        }
      }
      return isClean;
    },
  };
}
