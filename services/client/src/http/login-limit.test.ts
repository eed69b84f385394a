import type { Log } from '@followme/log';
import { SUBJECTS } from '@followme/model';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import {
  createLoginLimit,
  FAILURES_PER_ACCOUNT,
  FAILURES_PER_ADDRESS,
  MAX_KEYS,
  WINDOW_MS,
} from './login-limit.ts';

/** Broadcasts that every subscriber hears at once, the sender too, as those of the log; `isDeaf` loses them. */
function createBroadcasts() {
  const told: Uint8Array[] = [];
  const subscribers = new Set<(payload: Uint8Array) => void>();
  const world = { told, subscribers, isDeaf: false };
  const log: Pick<Log, 'broadcast' | 'subscribe'> = {
    broadcast(subject, payload) {
      expect(subject).toBe(SUBJECTS.loginFailures);
      told.push(payload);
      if (!world.isDeaf) for (const hear of subscribers) hear(payload);
    },
    subscribe(_, hear) {
      subscribers.add(hear);
      return () => void subscribers.delete(hear);
    },
  };
  // the limit uses two methods of the log
  return Object.assign(world, { log: log as Log });
}

const createLimit = (clock = createFakeClock(), { log } = createBroadcasts()) =>
  createLoginLimit({ clock, log });

const fail = (limit: ReturnType<typeof createLoginLimit>, ip: string, times: number) => {
  for (let i = 0; i < times; i += 1) limit.fail(ip, 'a@b.nl');
};

describe('the limit of failed logins', () => {
  test('an account is closed to an address after ten failures, in any spelling, to no other', () => {
    const limit = createLimit();
    fail(limit, '10.0.0.1', FAILURES_PER_ACCOUNT - 1);
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
    fail(limit, '10.0.0.1', 1);
    expect(limit.waitS('10.0.0.1', 'A@B.nl')).toBe(WINDOW_MS / 1_000);
    expect(limit.waitS('10.0.0.1', 'other@b.nl')).toBe(0);
    expect(limit.waitS('10.0.0.2', 'a@b.nl')).toBe(0);
  });

  test('an address that tries many accounts is closed as a whole', () => {
    const limit = createLimit();
    for (let i = 0; i < FAILURES_PER_ADDRESS; i += 1) limit.fail('10.0.0.1', `${i}@b.nl`);
    expect(limit.waitS('10.0.0.1', 'new@b.nl')).toBeGreaterThan(0);
    expect(limit.waitS('10.0.0.2', 'new@b.nl')).toBe(0);
  });

  test('failures are forgotten after the window', async () => {
    const clock = createFakeClock();
    const limit = createLimit(clock);
    fail(limit, '10.0.0.1', FAILURES_PER_ACCOUNT);
    await clock.advance(WINDOW_MS - 1_000);
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(1);
    await clock.advance(1_000);
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
  });

  test('success forgives the account', () => {
    const limit = createLimit();
    fail(limit, '10.0.0.1', FAILURES_PER_ACCOUNT);
    limit.succeed('10.0.0.1', 'a@b.nl');
    expect(limit.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
  });

  test('however many addresses try, memory stays bounded', () => {
    const limit = createLimit();
    for (let i = 0; i < MAX_KEYS; i += 1) limit.fail(`10.0.${i >> 8}.${i & 255}`, 'a@b.nl');
    expect(limit.size).toBe(MAX_KEYS);
  });
});

describe('several processes', () => {
  function createTwo() {
    const broadcasts = createBroadcasts();
    const clock = createFakeClock();
    const [a, b] = [createLimit(clock, broadcasts), createLimit(clock, broadcasts)];
    return { ...broadcasts, broadcasts, a, b };
  }

  test('count failures together, each once', () => {
    const { a, b } = createTwo();
    fail(a, '10.0.0.1', 4);
    fail(b, '10.0.0.1', FAILURES_PER_ACCOUNT - 5);
    expect([a.waitS('10.0.0.1', 'a@b.nl'), b.waitS('10.0.0.1', 'a@b.nl')]).toEqual([0, 0]);
    fail(a, '10.0.0.1', 1);
    expect([a, b].map((limit) => limit.waitS('10.0.0.1', 'a@b.nl') > 0)).toEqual([true, true]);
  });

  test('forgive together', () => {
    const { a, b } = createTwo();
    fail(a, '10.0.0.1', FAILURES_PER_ACCOUNT);
    b.succeed('10.0.0.1', 'a@b.nl');
    expect(a.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
  });

  test('that do not hear each other count for themselves', () => {
    const { a, b, broadcasts } = createTwo();
    broadcasts.isDeaf = true;
    fail(a, '10.0.0.1', FAILURES_PER_ACCOUNT);
    expect(a.waitS('10.0.0.1', 'a@b.nl')).toBeGreaterThan(0);
    expect(b.waitS('10.0.0.1', 'a@b.nl')).toBe(0);
  });

  test('tell each other nothing when nobody failed, and never a name or an address', () => {
    const { a, told } = createTwo();
    a.succeed('10.0.0.1', 'a@b.nl');
    expect(told).toEqual([]);
    fail(a, '10.0.0.1', 1);
    expect(Buffer.concat(told).toString()).not.toMatch(/a@b|10\.0/);
  });

  test('pass over what they cannot read, and hear nothing after their end', () => {
    const { a, subscribers } = createTwo();
    for (const hear of subscribers) hear(Buffer.from('{"version":2}'));
    expect(a.size).toBe(0);
    a.stop();
    expect(subscribers.size).toBe(1);
  });
});
