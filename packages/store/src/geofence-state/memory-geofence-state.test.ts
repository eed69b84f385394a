import { describeGeofenceState } from './contract.ts';
import { createMemoryGeofenceState } from './memory-geofence-state.ts';

describeGeofenceState('in memory', async () => {
  let nowMs = 0;
  const port = createMemoryGeofenceState({
    clock: { monotonicMs: () => nowMs },
    ownership: { kind: 'leased', leaseMs: 3_000 },
  });
  return {
    port,
    leaseRunsOut: async () => {
      nowMs += 3_001;
    },
  };
});
