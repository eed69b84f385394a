import { dueCalls, dueMails, outboxState, settleAttempt, type Store } from '@followme/store';
import type { OutboxStore } from './outbox-store.ts';

/** The outbox in the database. */
export function createSqlOutboxStore(store: Store): OutboxStore {
  return {
    dueMails: (query) => store.asSystem((system) => dueMails(system, query)),
    dueCalls: (query) => store.asSystem((system) => dueCalls(system, query)),
    state: (nowMs) => store.asSystem((system) => outboxState(system, nowMs)),
    settle: (attempt) => store.asSystem((system) => settleAttempt(system, attempt)),
  };
}
