import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { LaneOwner } from '@followme/store';
import { expect, test } from 'vitest';
import { tell } from './lanes.ts';

const lane = (number: number, of: Partial<LaneOwner>): LaneOwner => ({
  consumer: 'geofence',
  lane: trustedId<Lane>(number),
  owner: 'a/1',
  epoch: 3,
  leaseLeftMs: 2_000,
  committedSequence: trustedId<LogSequence>(9),
  ...of,
});

test('lanes stand by consumer and owner; one whose lease ran out or was given back is nobody’s', () => {
  const lanes = [
    lane(0, {}),
    lane(1, { owner: 'b/2' }),
    lane(2, {}),
    lane(3, { leaseLeftMs: -1 }),
    lane(4, { owner: null, leaseLeftMs: null }),
    lane(0, { consumer: 'recorder', leaseLeftMs: null }),
  ];
  expect(tell(lanes).filter((line) => !line.endsWith('nobody has begun'))).toEqual([
    'geofence     2 lanes  nobody  [3,4]',
    'geofence     2 lanes  a/1  [0,2]',
    'geofence     1 lanes  b/2  [1]',
    'recorder     1 lanes  a/1  [0]',
  ]);
});

test('work that no process has ever begun stands before all', () => {
  expect(tell([lane(0, {}), lane(0, { consumer: 'crossings' })])).toEqual([
    'recorder     0 lanes  nobody has begun',
    'alarms       0 lanes  nobody has begun',
    'deliveries   0 lanes  nobody has begun',
    'watching     0 lanes  nobody has begun',
    'crossings    1 lanes  a/1  [0]',
    'geofence     1 lanes  a/1  [0]',
  ]);
});
