/**
 * Looks all the time whether log and database still belong together: a log on servers can be made anew, or come back
 * shorter than it was, while we are connected to it. One look that says no may be the answer of a server that is only
 * coming up, so it takes several in a row; the process is not ready from the first one on.
 */
import type { ReadinessCheck } from '@followme/client';
import { isAbortError, withDeadline, type Clock, type Logger } from '@followme/platform';
import type { Refusal } from '../exit-code.ts';

/** Pause between two looks, ms. */
const LOOK_EVERY_MS = 3_000;
/** Pause after a look that said no, ms. */
const LOOK_AGAIN_MS = 500;
/** Longest that one look may take, ms. */
const LOOK_LIMIT_MS = 5_000;
/** Looks in a row that have to say no. */
const SURE_AFTER = 3;

/** Looks without an answer in a row from which on nobody knows. */
const UNKNOWN_AFTER = 3;

/**
 * The looks before a start: the reason only when that many in a row say no, since a leader that was just elected may
 * not have all of the log at hand yet. @throws what `look` throws.
 */
export async function lookUntilSure(
  deps: Pick<LogWatchDeps, 'clock' | 'look'>,
): Promise<Refusal | null> {
  const { clock, look } = deps;
  for (let looks = 1; ; looks += 1) {
    const doubt = await look();
    if (doubt === null || looks >= SURE_AFTER) return doubt;
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

/** What the watch looks with. */
export interface LogWatchDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Why log and store do not belong together, null when they do. */
  readonly look: () => Promise<Refusal | null>;
}

/** A watch over log and database while the process runs. */
export interface LogWatch {
  /** Resolves when it is sure that they do not, with the reason; never otherwise. */
  readonly broken: Promise<Refusal>;
  /** For `/readyz`. */
  check(): ReadinessCheck;
  stop(): Promise<void>;
}

/** Begins to look. */
export function watchLog({ clock, logger, look }: LogWatchDeps): LogWatch {
  const stopping = new AbortController();
  let doubt: Refusal | null = null;
  let doubts = 0;
  let unanswered = 0;
  const run = async (): Promise<Refusal | null> => {
    for (;;) {
      await clock.sleep(doubt === null ? LOOK_EVERY_MS : LOOK_AGAIN_MS, stopping.signal);
      try {
        doubt = await withDeadline(clock, LOOK_LIMIT_MS, 'the look at log and database', look());
        doubts = doubt === null ? 0 : doubts + 1;
        unanswered = 0;
      } catch (error) {
        // an engine that does not answer says nothing either way
        unanswered += 1;
        logger.debug('logWatch.noAnswer', { error });
        continue;
      }
      if (doubt === null) continue;
      logger.error('logWatch.notTogether', { reason: doubt.message, looks: doubts });
      if (doubts >= SURE_AFTER) return doubt;
    }
  };
  const running = run().catch((error: unknown) => {
    if (!isAbortError(error)) throw error;
    return null;
  });
  return {
    broken: running.then((reason) => reason ?? new Promise<never>(() => undefined)),
    check: () => {
      const name = 'log and database';
      if (doubt !== null) return { name, ok: false, detail: doubt.message };
      if (unanswered < UNKNOWN_AFTER) return { name, ok: true };
      return { name, ok: false, detail: 'cannot be compared at the moment' };
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
