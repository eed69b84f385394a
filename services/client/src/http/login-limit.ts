/**
 * How often logging in may fail: per address and account, and per address over all accounts. In memory and
 * bounded: beyond `MAX_KEYS` the keys longest untouched are forgotten, which under a flood of addresses
 * costs the attacker more than it gains.
 */
import type { Clock } from '@followme/platform';

/** Failures before an account is closed to an address. */
export const FAILURES_PER_ACCOUNT = 10;
/** Failures before an address is closed. */
export const FAILURES_PER_ADDRESS = 100;
/** How long failures are remembered. */
export const WINDOW_MS = 15 * 60_000;
/** Most keys remembered. */
export const MAX_KEYS = 10_000;

interface Failures {
  count: number;
  firstMs: number;
}

export interface LoginLimit {
  /** Seconds to wait before the next attempt; 0 when it may be made. */
  waitS(ip: string, account: string): number;
  /** An attempt failed. */
  fail(ip: string, account: string): void;
  /** An attempt succeeded: the failures of this account are forgiven. */
  succeed(ip: string, account: string): void;
  /** Keys remembered. */
  readonly size: number;
}

export function createLoginLimit(clock: Clock): LoginLimit {
  const failures = new Map<string, Failures>();
  const accountKey = (ip: string, account: string): string => `${ip} ${account.toLowerCase()}`;

  const current = (key: string): Failures | null => {
    const found = failures.get(key);
    if (found === undefined) return null;
    if (clock.monotonicMs() - found.firstMs < WINDOW_MS) return found;
    failures.delete(key);
    return null;
  };
  const note = (key: string): void => {
    const found = current(key) ?? { count: 0, firstMs: clock.monotonicMs() };
    found.count += 1;
    // put at the end: the first key of the map is the one longest untouched
    failures.delete(key);
    failures.set(key, found);
    const [oldest] = failures.keys();
    if (failures.size > MAX_KEYS && oldest !== undefined) failures.delete(oldest);
  };
  const waitMs = (key: string, most: number): number => {
    const found = current(key);
    if (found === null || found.count < most) return 0;
    return found.firstMs + WINDOW_MS - clock.monotonicMs();
  };

  return {
    waitS(ip, account) {
      const byAccount = waitMs(accountKey(ip, account), FAILURES_PER_ACCOUNT);
      return Math.ceil(Math.max(byAccount, waitMs(ip, FAILURES_PER_ADDRESS)) / 1_000);
    },
    fail(ip, account) {
      note(accountKey(ip, account));
      note(ip);
    },
    succeed(ip, account) {
      failures.delete(accountKey(ip, account));
    },
    get size() {
      return failures.size;
    },
  };
}
