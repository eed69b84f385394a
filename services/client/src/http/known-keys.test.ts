import { expect, test } from 'vitest';
import { trustedId, type TenantId, type UserId } from '@followme/model';
import { createKnownKeys, MAX_KEYS } from './known-keys.ts';

const owner = { tenantId: trustedId<TenantId>(3), userId: trustedId<UserId>(7) };
const share = { tenant: '3', person: '7' };

test('of more keys than fit, those longest unused are forgotten', () => {
  const keys = createKnownKeys();
  for (let n = 0; n < MAX_KEYS; n += 1) keys.add(`key ${n}`, owner);
  expect(keys.find('key 0')).toEqual(share);
  keys.add('one more', owner);
  expect(keys.size).toBe(MAX_KEYS);
  expect(keys.find('key 0')).toEqual(share);
  expect(keys.find('key 1')).toBeNull();
});

test('a key that was taken out is known no more', () => {
  const keys = createKnownKeys();
  keys.add('a', owner);
  keys.delete('a');
  expect(keys.find('a')).toBeNull();
});
