import type { Random } from '@followme/platform';

/** Pauses grow by up to this share of themselves, so that those who failed together do not come back together. */
const JITTER = 0.2;

/**
 * When a message is tried again after `attempts` attempts failed, the last one at `nowMs`; null when it is given
 * up.
 */
export function retryAtMs(
  attempts: number,
  at: { readonly nowMs: number; readonly delaysMs: readonly number[]; readonly random: Random },
): number | null {
  const delayMs = at.delaysMs[attempts - 1];
  return delayMs === undefined ? null : at.nowMs + delayMs * (1 + at.random.next() * JITTER);
}
