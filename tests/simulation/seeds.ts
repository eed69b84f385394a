/** Declares the tests of a cast: the seeds that once went wrong, then many others. */
import { silentLogger } from '@followme/platform';
import { describe, expect, test } from 'vitest';
import type { Cast } from './plan.ts';
import { REGRESSIONS } from './regressions.ts';
import { reportOf } from './report.ts';
import { runSeed } from './run-seed.ts';

/** Seeds of one test: short enough for a test that is seen to move. */
const SEEDS_OF_A_TEST = 50;
const TEST_TIMEOUT_MS = 120_000;

async function runSeeds(cast: Cast, seeds: readonly number[]): Promise<void> {
  for (const seed of seeds) {
    const outcome = await runSeed(seed, cast, { logger: silentLogger });
    if (outcome.faults.length > 0) throw new Error(await reportOf(seed, cast, outcome));
  }
}

/** `SIM_SEED=7` runs that seed only. */
export function describeSeeds(
  cast: Cast,
  seeds: { readonly from: number; readonly count: number },
  title: string,
): void {
  const only = process.env['SIM_SEED'];
  const timeout = { timeout: TEST_TIMEOUT_MS };
  describe(`simulation of ${cast}: ${title}`, () => {
    if (only !== undefined) {
      test(`seed ${only}`, timeout, () => runSeeds(cast, [Number(only)]));
      return;
    }
    const known = REGRESSIONS[cast];
    if (known.length > 0) {
      test('seeds that once went wrong', timeout, () => runSeeds(cast, known));
    }
    for (let at = 0; at < seeds.count; at += SEEDS_OF_A_TEST) {
      const from = seeds.from + at;
      const count = Math.min(SEEDS_OF_A_TEST, seeds.count - at);
      test(`seeds ${from} to ${from + count - 1}`, timeout, () =>
        runSeeds(
          cast,
          Array.from({ length: count }, (_, place) => from + place),
        ),
      );
    }
    test('the same seed gives the same run, event by event', timeout, async () => {
      for (const seed of [1, 2, 3]) {
        const first = await runSeed(seed, cast, { logger: silentLogger });
        const second = await runSeed(seed, cast, { logger: silentLogger });
        expect([second.hash, second.events]).toEqual([first.hash, first.events]);
      }
    });
  });
}
