/**
 * What retention asks of the database, step by step: each is a transaction of its own and short. How old a thing is
 * goes by whole UTC days of the database's clock.
 */
import type { Store } from '../../port.ts';
import { deleteOldEvents } from './delete-old-events.ts';
import { deleteStrayPositions } from './delete-stray-positions.ts';
import { dropDay, type DroppedDay } from './drop-day.ts';
import { oldDays } from './old-days.ts';
import { purgeFenceVersions, type PurgeQuery } from './purge-fence-versions.ts';

/** Safe to use from several processes at once: each step is done by one of them. */
export interface RetentionStore {
  /** UTC days more than `keepDays` before today that have a partition, oldest first, as `YYYY-MM-DD`. */
  oldDays(keepDays: number): Promise<readonly string[]>;
  /** Drops the positions of a day. @throws when the day is still written, or the database fails. */
  dropDay(day: string): Promise<DroppedDay>;
  /** Deletes up to `limit` positions without a day of their own; answers how many went. */
  deleteStrayPositions(query: { keepDays: number; limit: number }): Promise<number>;
  /** Deletes up to `limit` fence events; answers how many went. */
  deleteOldEvents(query: { keepDays: number; limit: number }): Promise<number>;
  /** Deletes up to `limit` forms of fences that no lane needs; answers how many went. */
  purgeFenceVersions(query: PurgeQuery): Promise<number>;
}

/** Retention over SQL. */
export function createRetentionStore(store: Store): RetentionStore {
  return {
    oldDays: (keepDays) => store.asSystem((system) => oldDays(system, keepDays)),
    dropDay: (day) => store.asSystem((system) => dropDay(system, day)),
    deleteStrayPositions: (query) =>
      store.asSystem((system) => deleteStrayPositions(system, query)),
    deleteOldEvents: (query) => store.asSystem((system) => deleteOldEvents(system, query)),
    purgeFenceVersions: (query) => store.asSystem((system) => purgeFenceVersions(system, query)),
  };
}
