/** Waits until the system has the first reports of the whole fleet behind it: each of them enters fences. */
import type { Crew } from './crew.ts';
import { say, sleep } from './say.ts';
import { readProgress, type UnderTest } from './under-test.ts';

const LOOK_EVERY_MS = 1_000;
const LIMIT_MS = 90_000;
/** Looks in a row at which no stage may be behind by more than this much load. */
const CALM_LOOKS = 4;
const CALM_S = 0.5;
/** The compiler, the partitions and the first last states take their time too. */
const LEAST_MS = 10_000;

/** Sends at `rate` until every stage keeps up. */
export async function settle(system: UnderTest, crew: Crew, rate: number): Promise<void> {
  say(`${system.name}: warming up …`);
  await crew.begin(rate, 'text');
  const startedMs = performance.now();
  for (let calm = 0; calm < CALM_LOOKS || performance.now() - startedMs < LEAST_MS;) {
    await sleep(LOOK_EVERY_MS);
    const { sent } = await crew.sent();
    const behind = sent - Math.min(...Object.values(await readProgress(system.metricUrls)));
    calm = behind / rate < CALM_S ? calm + 1 : 0;
    if (performance.now() - startedMs < LIMIT_MS) continue;
    say(`  still ${behind} positions behind after ${LIMIT_MS / 1_000} s; measuring all the same`);
    return;
  }
}
