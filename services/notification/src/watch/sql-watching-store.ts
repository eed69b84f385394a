import {
  closeHeardAgain,
  deleteSettled,
  laneSequences,
  silentRules,
  silentTrackers,
  type Store,
} from '@followme/store';
import type { WatchingStore } from './watching-store.ts';

/** What is watched, in the database. */
export function createSqlWatchingStore(store: Store): WatchingStore {
  return {
    laneSequences: () => store.asSystem(laneSequences),
    closeHeardAgain: (request) => store.asSystem((system) => closeHeardAgain(system, request)),
    silentRules: () => store.asSystem(silentRules),
    silentTrackers: (query) => store.asSystem((system) => silentTrackers(system, query)),
    deleteSettled: (request) => store.asSystem((system) => deleteSettled(system, request)),
  };
}
