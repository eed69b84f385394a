import type { Store } from '../port.ts';
import { acquireLanes } from '../postgres/lane-progress/acquire-lanes.ts';
import type { Consumer, Ownership } from '../postgres/lane-progress/lanes.ts';
import { leaveLanes, lookAtLanes } from '../postgres/lane-progress/look-at-lanes.ts';
import { releaseLanes } from '../postgres/lane-progress/release-lanes.ts';
import type { LaneLeases } from './port.ts';

/** Leases of one consumer as rows of the database, by its clock. */
export function createSqlLaneLeases(deps: {
  readonly store: Store;
  readonly consumer: Consumer;
  readonly ownership: Ownership;
}): LaneLeases {
  const { store, consumer, ownership } = deps;
  return {
    consumer,
    ownership,
    async look(owner, { held, all }) {
      if (ownership.kind === 'single') {
        throw new Error('Only leases that run out are renewed');
      }
      const request = { owner, held, all, leaseMs: ownership.leaseMs };
      return store.asSystem((system) => lookAtLanes(system, consumer, request));
    },
    acquire: (owner, lanes, most) =>
      store.asSystem((system) => acquireLanes(system, consumer, { owner, lanes, most, ownership })),
    release: (owner, lanes) =>
      store.asSystem((system) => releaseLanes(system, consumer, { owner, lanes })),
    leave: (owner) => store.asSystem((system) => leaveLanes(system, consumer, owner)),
  };
}
