/** Deletes settled messages and closed alerts when they are old, a bounded number at a time. */
import { isAbortError, type Clock, type Logger } from '@followme/platform';
import type { NotificationMetrics } from '../notification-metrics.ts';
import type { NotificationSettings } from '../settings.ts';
import type { WatchingStore } from './watching-store.ts';

const EVERY_MS = 3_600_000;
const BATCH = 1_000;
/** Between two batches, so that others get their turn, ms. */
const PAUSE_MS = 100;

export interface Retention {
  start(): void;
  stop(): Promise<void>;
}

/** A retention that has not started; its first round is an hour after the start. */
export function createRetention(deps: {
  readonly watching: WatchingStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: NotificationMetrics;
  readonly settings: NotificationSettings;
}): Retention {
  const { watching, clock, logger, metrics, settings } = deps;
  const { keepMs } = settings;
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const round = async (): Promise<void> => {
    for (;;) {
      const { deliveries, alerts } = await watching.deleteSettled({ keepMs, limit: BATCH });
      metrics.deleted.inc(deliveries + alerts);
      if (deliveries < BATCH && alerts < BATCH) return;
      await clock.sleep(PAUSE_MS, stopping.signal);
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await clock.sleep(EVERY_MS, stopping.signal);
        await round();
      } catch (error) {
        if (!isAbortError(error)) logger.warn('notification.retentionFailed', { error });
      }
    }
  };
  return {
    start: () => void (loop = run()),
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
