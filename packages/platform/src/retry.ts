/** Trying again: bounded, with growing pauses, and only for errors worth it. */
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Whether this error may go away by itself. */
  readonly isRetryable: (error: unknown) => boolean;
}

/** The pause before try `attempt` + 1: doubled each time, capped, with full jitter. */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: Random): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  return ceiling * (0.5 + random.next() / 2);
}

/**
 * Runs `work` until it succeeds.
 * @throws the last error when it is not retryable, the tries are used up or `signal` aborts.
 */
export async function retry<T>(
  deps: { clock: Clock; random: Random; signal?: AbortSignal },
  policy: RetryPolicy,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= policy.attempts || !policy.isRetryable(error)) throw error;
      await deps.clock.sleep(retryDelayMs(policy, attempt, deps.random), deps.signal);
    }
  }
}
