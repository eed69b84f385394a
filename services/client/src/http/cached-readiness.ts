/** Asks how the rest of the process is at most once a second, however many ask us: anybody may. */
import type { Clock } from '@followme/platform';
import type { Readiness, ReadinessCheck } from '../ports.ts';

/** How long an answer holds. */
export const READINESS_TTL_MS = 1_000;

/** A failure holds as long as an answer; all who ask while one is under way share it. */
export function createCachedReadiness(
  readiness: Readiness,
  clock: Clock,
): () => Promise<readonly ReadinessCheck[]> {
  let last: { readonly atMs: number; readonly checks: Promise<readonly ReadinessCheck[]> } | null =
    null;
  let isUnderWay = false;
  const ask = async (): Promise<readonly ReadinessCheck[]> => {
    isUnderWay = true;
    try {
      return await readiness();
    } finally {
      isUnderWay = false;
    }
  };
  return () => {
    const nowMs = clock.monotonicMs();
    if (last === null || (!isUnderWay && nowMs - last.atMs >= READINESS_TTL_MS)) {
      last = { atMs: nowMs, checks: ask() };
    }
    return last.checks;
  };
}
