import type { Store } from '@followme/store';
import { createSqlOutboxStore } from './deliver/sql-outbox-store.ts';
import type { NotificationStores } from './pipeline.ts';
import { createSqlRaisingStore } from './raise/sql-raising-store.ts';
import { createSqlWatchingStore } from './watch/sql-watching-store.ts';

/** All that the service knows of the database, over a store. */
export function createSqlNotificationStores(store: Store): NotificationStores {
  return {
    raising: createSqlRaisingStore(store),
    outbox: createSqlOutboxStore(store),
    watching: createSqlWatchingStore(store),
  };
}
