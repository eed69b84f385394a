/**
 * What starts must stop, in two steps: first every part gives back what others wait for (`drain`), all at the same
 * time; then the parts are stopped in reverse order of their start. Each step has a deadline.
 */
import { withDeadline, type Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** A running part of a process. */
export interface Running {
  /**
   * Takes no new work, finishes what was accepted and gives back what other processes can go on with. Quick; what
   * takes long, such as sending thousands of sockets away, belongs to `stop`. Called once, before it.
   */
  drain?(): Promise<void>;
  /** Lets go of the rest. Called once. */
  stop(): Promise<void>;
}

/** A part whose whole stop is its drain: it is quick, and others wait for what the part gives back. */
export function asDrain(part: { stop(): Promise<void> }): Running {
  return { drain: () => part.stop(), stop: () => Promise.resolve() };
}

export interface Lifecycle {
  /** Registers a part that has started. */
  add(name: string, part: Running): void;
  /**
   * Drains everything at once, then stops everything in reverse order. A part that fails or hangs is logged and the
   * others still go on; the answer is whether all ended well.
   */
  stopAll(deadlineMsEach: number): Promise<boolean>;
}

export function createLifecycle(deps: { clock: Clock; logger: Logger }): Lifecycle {
  const parts: { name: string; part: Running }[] = [];
  return {
    add: (name, part) => void parts.push({ name, part }),
    async stopAll(deadlineMsEach) {
      let isClean = true;
      const end = async (what: string, name: string, run: () => Promise<void>): Promise<void> => {
        try {
          await withDeadline(deps.clock, deadlineMsEach, `${what} ${name}`, run());
        } catch (error) {
          isClean = false;
          deps.logger.error('lifecycle.stopFailed', { part: name, step: what, error });
        }
      };
      const ending = parts.splice(0).toReversed();
      await Promise.all(
        ending.map(async ({ name, part }) => {
          if (part.drain !== undefined) await end('draining', name, async () => part.drain?.());
        }),
      );
      for (const { name, part } of ending) await end('stopping', name, () => part.stop());
      return isClean;
    },
  };
}
