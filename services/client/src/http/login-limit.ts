/**
 * How often logging in may fail: per address and account, and per address over all accounts. In memory and
 * bounded: beyond `MAX_KEYS` the keys longest untouched are forgotten, which under a flood of addresses
 * costs the attacker more than it gains.
 *
 * Processes tell each other what failed by the log's broadcasts, so that the limit is that of the installation. A
 * broadcast that is lost, or a process that starts, only loosens it: to at most so many failures per process.
 */
import { createHash } from 'node:crypto';
import { encodeLoginFailure, parseLoginFailure } from '@followme/contracts';
import type { Log } from '@followme/log';
import { SUBJECTS } from '@followme/model';
import { randomToken, type Clock } from '@followme/platform';

/** Failures before an account is closed to an address. */
export const FAILURES_PER_ACCOUNT = 10;
/** Failures before an address is closed. */
export const FAILURES_PER_ADDRESS = 100;
/** How long failures are remembered. */
export const WINDOW_MS = 15 * 60_000;
/** Most keys remembered. */
export const MAX_KEYS = 10_000;

const ORIGIN_BYTES = 9;

type Outcome = 'failed' | 'fitted';

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
  /** Hears no more of other processes. */
  stop(): void;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The keys that count an attempt. */
function keysOf(ip: string, account: string) {
  return { account: digestOf(`${ip} ${account.toLowerCase()}`), address: digestOf(ip) };
}

export function createLoginLimit({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Log;
}): LoginLimit {
  const failures = new Map<string, Failures>();
  const origin = randomToken(ORIGIN_BYTES);

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

  const take = (outcome: Outcome, keys: ReturnType<typeof keysOf>): void => {
    if (outcome === 'fitted') {
      failures.delete(keys.account);
      return;
    }
    note(keys.account);
    note(keys.address);
  };
  const settle = (outcome: Outcome, keys: ReturnType<typeof keysOf>): void => {
    take(outcome, keys);
    log.broadcast(SUBJECTS.loginFailures, encodeLoginFailure({ origin, outcome, ...keys }));
  };
  const stop = log.subscribe(SUBJECTS.loginFailures, (payload) => {
    const told = parseLoginFailure(payload);
    if (told !== null && told.origin !== origin) take(told.outcome, told);
  });

  return {
    waitS(ip, account) {
      const keys = keysOf(ip, account);
      const byAccount = waitMs(keys.account, FAILURES_PER_ACCOUNT);
      return Math.ceil(Math.max(byAccount, waitMs(keys.address, FAILURES_PER_ADDRESS)) / 1_000);
    },
    fail: (ip, account) => settle('failed', keysOf(ip, account)),
    succeed(ip, account) {
      const keys = keysOf(ip, account);
      // most people never failed: nothing is to be forgiven, here or elsewhere
      if (failures.has(keys.account)) settle('fitted', keys);
    },
    get size() {
      return failures.size;
    },
    stop,
  };
}
