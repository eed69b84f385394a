/**
 * What a durable append of 8 kB costs: `npx tsx --conditions=source packages/log/src/lmdb/append.bench.ts`.
 * Sixteen lanes with one append under way each, as the tracker service does it. Prints JSON; CPU time is of
 * the whole process, the engine's threads included.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lanesOf } from '@followme/model';
import { createMetrics, createRandom, silentLogger, systemClock } from '@followme/platform';
import type { Log } from '../port.ts';
import { createLmdbLog } from './lmdb-log.ts';

const LANES = 16;
const RECORD_BYTES = 8_000;
const WARM_UP_APPENDS = 100;
const APPENDS_PER_LANE = 1_500;
const SEED = 'append bench';

async function appendEverywhere(log: Log, payload: Uint8Array, perLane: number): Promise<void> {
  const lanes = lanesOf(LANES);
  await Promise.all(
    lanes.map(async (lane) => {
      for (let count = 0; count < perLane; count += 1) await log.append('positions', lane, payload);
    }),
  );
}

const random = createRandom(SEED);
const payload = Uint8Array.from({ length: RECORD_BYTES }, () => random.integer(0, 255));
const path = await mkdtemp(join(tmpdir(), 'followme-bench-'));
const lanes = { positions: LANES, events: LANES };
const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
const log = await createLmdbLog({ path, lanes, ...deps });
try {
  await appendEverywhere(log, payload, WARM_UP_APPENDS);
  const startedMs = systemClock.monotonicMs();
  const before = process.cpuUsage();
  await appendEverywhere(log, payload, APPENDS_PER_LANE);
  const cpu = process.cpuUsage(before);
  const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
  const appends = LANES * APPENDS_PER_LANE;
  const result = {
    name: 'log.append',
    seed: SEED,
    recordBytes: RECORD_BYTES,
    lanes: LANES,
    appends,
    durability: 'fdatasync',
    appendsPerSecond: Math.round(appends / seconds),
    cpuUsPerAppend: Math.round((cpu.user + cpu.system) / appends),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await log.close();
  await rm(path, { recursive: true });
}
