import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { expect, test } from 'vitest';
import { CONTRACT_LEASE_MS, describeLaneLeases } from './contract.ts';
import { createMemoryLanes } from './memory-lanes.ts';

describeLaneLeases('in memory', async () => {
  let nowMs = 0;
  const lanes = createMemoryLanes({
    clock: { monotonicMs: () => nowMs },
    ownership: { kind: 'leased', leaseMs: CONTRACT_LEASE_MS },
  });
  return {
    leases: lanes.leases('recorder'),
    others: lanes.leases('geofence'),
    passes: async (ms) => {
      nowMs += ms;
    },
    commit: async (stretch) => lanes.advance('recorder', [stretch]).size > 0,
  };
});

test('the only process takes all lanes at once, whoever held them', async () => {
  const lanes = createMemoryLanes({
    clock: { monotonicMs: () => 0 },
    ownership: { kind: 'single' },
  });
  const all = [0, 1, 15].map((n) => trustedId<Lane>(n));
  await lanes.leases('alarms').acquire('before the crash', all, 3);
  const owned = await lanes.leases('alarms').acquire('after the crash', all, 3);
  expect(owned.map(({ epoch }) => epoch)).toEqual([2, 2, 2]);
});

test('where a lane begins is said once', () => {
  const lanes = createMemoryLanes({
    clock: { monotonicMs: () => 0 },
    ownership: { kind: 'single' },
  });
  const lane = trustedId<Lane>(1);
  for (const at of [7, 9]) lanes.begin('alarms', [{ lane, sequence: trustedId<LogSequence>(at) }]);
  expect(lanes.progress('alarms', lane)).toMatchObject({ epoch: 0, committedSequence: 7 });
  expect(lanes.progress('crossings', lane)).toBeUndefined();
});
