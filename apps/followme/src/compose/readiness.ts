/**
 * Whether this process takes work: what each part of it says of itself, within a time limit, so that an engine that
 * does not answer is a "no" and not a silence. Liveness asks none of this.
 */
import type { ReadinessCheck } from '@followme/client';
import type { Log } from '@followme/log';
import { withDeadline, type Clock } from '@followme/platform';
import type { Store } from '@followme/store';

/** What one part of the process says of itself. */
export type HealthSource = () => readonly ReadinessCheck[] | Promise<readonly ReadinessCheck[]>;

/** Longest that one part may think about how it is, ms. */
const CHECK_LIMIT_MS = 2_000;
/** A log that was not heard of for longer takes no positions, ms. */
const LOG_SILENT_LIMIT_MS = 5_000;

/** All checks as one answer; `name` of a source is told when it fails or does not answer in time. */
export function createReadiness(
  clock: Clock,
  sources: ReadonlyMap<string, HealthSource>,
): () => Promise<readonly ReadinessCheck[]> {
  const ask = async ([name, source]: readonly [string, HealthSource]) => {
    try {
      return await withDeadline(clock, CHECK_LIMIT_MS, name, Promise.resolve(source()));
    } catch {
      // why is in the part's own log lines; here only that it cannot say
      return [{ name, ok: false, detail: 'cannot tell at the moment' }];
    }
  };
  return async () => (await Promise.all([...sources].map(ask))).flat();
}

/** The engines' part of it. */
export function engineHealth(engines: { readonly log: Log; readonly store: Store }): HealthSource {
  return async () => [checkLog(engines.log), await checkStore(engines.store)];
}

function checkLog(log: Log): ReadinessCheck {
  const silentMs = log.silentForMs();
  return {
    name: 'log',
    ok: silentMs < LOG_SILENT_LIMIT_MS,
    detail: `heard of ${Math.round(silentMs / 1_000)} s ago`,
  };
}

async function checkStore(store: Store): Promise<ReadinessCheck> {
  try {
    await store.check(CHECK_LIMIT_MS);
    return { name: 'store', ok: true };
  } catch {
    // the reason is in the store's own log lines; here only yes or no
    return { name: 'store', ok: false };
  }
}
