/**
 * What the demonstration is given: the simulated fleet as trackers of the provider's tenant, and nothing else.
 * Groups, places and rules are made by whoever looks at it, as in an installation with real trackers. A
 * second start finds the trackers there.
 */
import type { TenantId } from '@followme/model';
import type { Fleet } from '@followme/simulator';
import { createTracker, type Store } from '@followme/store';

type Gait = ReturnType<Fleet['gaitOf']>;
const LABEL_OF_GAIT: Readonly<Record<Gait, string>> = { car: 'Van', bike: 'Bike', walk: 'Guard' };

/** Makes the trackers that are missing; answers how many that were. */
export async function ensureDemo(store: Store, tenantId: TenantId, fleet: Fleet): Promise<number> {
  return store.asTenant(tenantId, async (tenant) => {
    let made = 0;
    for (let index = 0; index < fleet.count; index += 1) {
      const tracker = await createTracker(tenant, {
        name: `${LABEL_OF_GAIT[fleet.gaitOf(index)]} ${String(index + 1).padStart(3, '0')}`,
        groupIds: [],
        device: { protocol: 'meitrack', identifier: fleet.registerIdentity(index) },
      });
      // the device is registered already
      if (tracker.ok) made += 1;
    }
    return made;
  });
}
