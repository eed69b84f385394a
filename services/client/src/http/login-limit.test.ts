import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import {
  createLoginLimit,
  FAILURES_PER_ACCOUNT,
  FAILURES_PER_ADDRESS,
  MAX_KEYS,
  WINDOW_MS,
} from './login-limit.ts';

const fail = (limit: ReturnType<typeof createLoginLimit>, ip: string, times: number) => {
  for (let i = 0; i < times; i += 1) limit.fail(ip, 'a@b.nl');
};

describe('the limit of failed logins', () => {
  test('an account is closed to an address after ten failures, in any spelling, to no other', () => {
    const limit = createLoginLimit(createFakeClock());
    fail(limit, '10.0.0.1', FAILURES_PER_ACCOUNT - 1);
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
    fail(limit, '10.0.0.1', 1);
    expect(limit.waitS('10.0.0.1', 'A@B.nl')).toBe(WINDOW_MS / 1_000);
    expect(limit.waitS('10.0.0.1', 'other@b.nl')).toBe(0);
    expect(limit.waitS('10.0.0.2', 'a@b.nl')).toBe(0);
  });

  test('an address that tries many accounts is closed as a whole', () => {
    const limit = createLoginLimit(createFakeClock());
    for (let i = 0; i < FAILURES_PER_ADDRESS; i += 1) limit.fail('10.0.0.1', `${i}@b.nl`);
    expect(limit.waitS('10.0.0.1', 'new@b.nl')).toBeGreaterThan(0);
    expect(limit.waitS('10.0.0.2', 'new@b.nl')).toBe(0);
  });

  test('failures are forgotten after the window', async () => {
    const clock = createFakeClock();
    const limit = createLoginLimit(clock);
    fail(limit, '10.0.0.1', FAILURES_PER_ACCOUNT);
    await clock.advance(WINDOW_MS - 1_000);
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(1);
    await clock.advance(1_000);
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
  });

  test('success forgives the account', () => {
    const limit = createLoginLimit(createFakeClock());
    fail(limit, '10.0.0.1', FAILURES_PER_ACCOUNT);
    limit.succeed('10.0.0.1', 'a@b.nl');
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
  });

  test('however many addresses try, memory stays bounded', () => {
    const limit = createLoginLimit(createFakeClock());
    for (let i = 0; i < MAX_KEYS; i += 1) limit.fail(`10.0.${i >> 8}.${i & 255}`, 'a@b.nl');
    expect(limit.size).toBe(MAX_KEYS);
  });
});
