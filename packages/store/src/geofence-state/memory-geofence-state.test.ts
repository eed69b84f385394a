import { createMemoryLanes } from '../lanes/memory-lanes.ts';
import { describeGeofenceState } from './contract.ts';
import { createMemoryGeofenceState } from './memory-geofence-state.ts';

describeGeofenceState('in memory', async () => {
  const clock = { monotonicMs: () => 0 };
  const lanes = createMemoryLanes({ clock, ownership: { kind: 'single' } });
  return { port: createMemoryGeofenceState({ lanes }), leases: lanes.leases('geofence') };
});
