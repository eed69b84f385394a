import { expect, test } from 'vitest';
import { parseRing } from './cluster-ring.ts';

test('the slices of a ring make it whole, in their order round it', () => {
  expect(parseRing('ring-1-0-8-4-3')).toEqual([
    { state: 'high', share: 1 / 16 },
    { state: 'moving', share: 0.5 },
    { state: 'idle', share: 0.25 },
    { state: 'silent', share: 3 / 16 },
  ]);
});

test.each(['ring', 'ring-8-8', 'ring-0-0-8-4-3', 'ring-a-0-8-4-4', 'idle'])(
  'what is no ring of ours is another image: %s',
  (name) => {
    expect(parseRing(name)).toBeNull();
  },
);
