import { fencesAt } from '../postgres/fence/fences-at.ts';
import type { Store } from '../port.ts';
import type { FenceSource } from './port.ts';

/** Fences out of the store. */
export function createFenceSource(store: Store): FenceSource {
  return {
    fencesAt: (tenantId, version) =>
      store.asSystem((system) => fencesAt(system, tenantId, version)),
  };
}
