import { expect, test } from 'vitest';
import { createKnownKeys, MAX_KEYS } from './known-keys.ts';

test('of more keys than fit, those longest unused are forgotten', () => {
  const keys = createKnownKeys();
  for (let n = 0; n < MAX_KEYS; n += 1) keys.add(`key ${n}`);
  expect(keys.has('key 0')).toBe(true);
  keys.add('one more');
  expect(keys.size).toBe(MAX_KEYS);
  expect(keys.has('key 0')).toBe(true);
  expect(keys.has('key 1')).toBe(false);
});

test('a key that was taken out is known no more', () => {
  const keys = createKnownKeys();
  keys.add('a');
  keys.delete('a');
  expect(keys.has('a')).toBe(false);
});
