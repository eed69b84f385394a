/** For whoever tunes: what each of our processes does with its main thread, told on standard error. */
import { openProfiler } from '../hot/profiler.ts';
import { busiestFunctions, microsecondsByStage } from '../hot/stages.ts';
import { readProgress, type UnderTest } from './under-test.ts';
import { say, sleep } from './say.ts';

const WINDOW_S = 8;

/** Profiles all processes at once, at the rate that runs, and tells the `count` busiest functions of each. */
export async function profileParts(system: UnderTest, count: number): Promise<void> {
  const profilers = await Promise.all(
    system.printed().map(async ([part, output]) => [part, await openProfiler(output)] as const),
  );
  const before = await readProgress(system.metricUrls);
  for (const [, profiler] of profilers) await profiler.start();
  await sleep(WINDOW_S * 1_000);
  const after = await readProgress(system.metricUrls);
  const positions = after.stored - before.stored;
  for (const [part, profiler] of profilers) {
    const profile = await profiler.stop();
    say(`${part}, µs of its main thread per position:`);
    for (const [stage, us] of [...microsecondsByStage(profile)].toSorted((a, b) => b[1] - a[1])) {
      say(`  ${(us / positions).toFixed(2).padStart(6)} ${stage}`);
    }
    say(`${part}, busiest functions, µs in ${WINDOW_S} s:`);
    for (const line of busiestFunctions(profile, count)) say(`  ${line}`);
  }
}
