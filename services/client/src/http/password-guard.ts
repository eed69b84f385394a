/**
 * What every check of a password passes: a limit on failures per account and address, and a bound on how
 * many are checked at once. Logging in and changing one's password share one guard, so that a stolen session
 * gives nobody more guesses than the login does.
 */
import type { Log } from '@followme/log';
import type { Clock, Metrics } from '@followme/platform';
import { createAdmission, type AdmissionLimits } from '../admission.ts';
import { createLoginLimit } from './login-limit.ts';

/** A check of a password takes 19 MiB and one of the four threads there are for some 20 ms. */
export const LOGINS: AdmissionLimits = {
  kind: 'login',
  atOnce: 4,
  // who they are nobody knows, so their customer is not asked for
  perTenant: 4,
  waiting: 64,
  waitMs: 3_000,
};

/** Whose password is tried, and from where. */
interface PasswordAttempt {
  readonly ip: string;
  /** Email address, in any spelling of case. */
  readonly account: string;
}

/** How the outcome of a check is told to the limit. */
export interface PasswordVerdict {
  failed(): void;
  /** The failures of this account are forgiven. */
  fitted(): void;
}

/** An attempt that was not let in. */
type PasswordRefusal =
  { readonly outcome: 'limited'; readonly waitS: number } | { readonly outcome: 'overloaded' };

export interface PasswordGuard {
  /** Runs `check` when the attempt may be made and there is a place; else answers why not. */
  pass<T>(
    attempt: PasswordAttempt,
    check: (verdict: PasswordVerdict) => Promise<T>,
  ): Promise<T | PasswordRefusal>;
  /** Hears no more of other processes. */
  stop(): void;
}

/** A guard that has seen nothing yet. */
export function createPasswordGuard(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}): PasswordGuard {
  const limit = createLoginLimit(deps);
  const admission = createAdmission(deps, LOGINS);
  return {
    stop: () => limit.stop(),
    async pass({ ip, account }, check) {
      const soonS = limit.waitS(ip, account);
      if (soonS > 0) return { outcome: 'limited', waitS: soonS };
      const leave = await admission.enter({ tenant: '', person: ip });
      if (leave === null) return { outcome: 'overloaded' };
      try {
        // looked at again: attempts that stood in line with this one may have failed meanwhile
        const waitS = limit.waitS(ip, account);
        if (waitS > 0) return { outcome: 'limited', waitS };
        return await check({
          failed: () => limit.fail(ip, account),
          fitted: () => limit.succeed(ip, account),
        });
      } finally {
        leave();
      }
    },
  };
}
