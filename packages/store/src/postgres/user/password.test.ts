import { createRandom } from '@followme/platform';
import { describe, expect, test } from 'vitest';
import { hashPassword, MAX_PASSWORD_LENGTH, verifyPassword } from './password.ts';

describe('passwords', () => {
  test('the right one is told from a wrong one, and no two hashes are alike', async () => {
    const [one, two] = await Promise.all([hashPassword('s3cret'), hashPassword('s3cret')]);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(one, 's3cret')).toBe(true);
    expect(await verifyPassword(one, 's3cret ')).toBe(false);
  });

  test('nobody has no password, whatever it is', async () => {
    expect(await verifyPassword(null, '')).toBe(false);
    expect(await verifyPassword(null, 'x')).toBe(false);
  });

  test('an unknown user costs the same work as a known one', async () => {
    // CPU, not the clock: no cheap way out may exist for either
    const cpuUs = async (work: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      for (let n = 0; n < 10; n += 1) await work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const hash = await hashPassword('s3cret');
    const known = await cpuUs(() => verifyPassword(hash, 'wrong'));
    const unknown = await cpuUs(() => verifyPassword(null, 'wrong'));
    expect(unknown / known).toBeGreaterThan(0.2);
    expect(unknown / known).toBeLessThan(5);
  });

  test('an overlong one is refused', async () => {
    const long = String(createRandom('long').next()).padEnd(MAX_PASSWORD_LENGTH + 1, 'x');
    expect(await verifyPassword(await hashPassword(long), long)).toBe(false);
  });
});
