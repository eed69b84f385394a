import { expect, test } from 'vitest';
import { parseRing } from './cluster-ring.ts';

test('the slices of a ring make it whole', () => {
  expect(parseRing('ring-8-4')).toEqual({ moving: 0.5, idle: 0.25, silent: 0.25 });
  expect(parseRing('ring-0-0')).toEqual({ moving: 0, idle: 0, silent: 1 });
});

test('two shares that were both rounded up are not more than the whole', () => {
  expect(parseRing('ring-11-6')).toEqual({ moving: 11 / 16, idle: 5 / 16, silent: 0 });
});

test.each(['moving', 'ring-', 'ring-1', 'ring-a-b'])('another image is no ring: %s', (name) => {
  expect(parseRing(name)).toBeNull();
});
