import { fencesAt } from '../postgres/fence/fences-at.ts';
import { trackersOfGroups } from '../postgres/fence/trackers-of-groups.ts';
import type { Store } from '../port.ts';
import type { FenceSource } from './port.ts';

/** Fences out of the store. */
export function createFenceSource(store: Store): FenceSource {
  return {
    fencesAt: (tenantId, version) =>
      store.asSystem(async (system) => {
        const fences = await fencesAt(system, tenantId, version);
        const groupIds = new Set(fences.flatMap((fence) => fence.groupIds ?? []));
        return { fences, groupTrackers: await trackersOfGroups(system, tenantId, groupIds) };
      }),
  };
}
