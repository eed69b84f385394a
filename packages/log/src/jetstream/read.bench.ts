/**
 * What appending and reading costs at the rate of 25,000 fixes a second: `npx tsx --conditions=source
 * packages/log/src/jetstream/read.bench.ts [url or program]`; without an address it starts that program, or the nats-server it finds.
 * Sixteen lanes get 100 records of sixteen fixes a second each, and four readers per lane read them. Before that: what
 * the readers cost while nothing comes. Prints JSON lines; the server's CPU time is given when it was started here.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { createMetrics, createRandom, silentLogger, systemClock } from '@followme/platform';
import { startNats, type TestNats } from '@followme/testkit';
import type { Log } from '../port.ts';
import { createJetStreamLog } from './open-jetstream.ts';

const LANES = 16;
const READERS_PER_LANE = 4;
const FIXES = 16;
const RECORD_BYTES = FIXES * 80;
const TICK_MS = 10;
const IDLE_SECONDS = 5;
const LOADED_SECONDS = 10;

/** CPU time of another process since it began, µs. */
function cpuUsOf(pid: number): number {
  const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

interface Used {
  readonly seconds: number;
  readonly processUs: number;
  readonly serverUs: number | null;
}

async function measured(nats: TestNats | null, work: () => Promise<unknown>): Promise<Used> {
  const serverBefore = nats === null ? null : cpuUsOf(nats.pid());
  const startedMs = systemClock.monotonicMs();
  const before = process.cpuUsage();
  await work();
  const cpu = process.cpuUsage(before);
  return {
    seconds: (systemClock.monotonicMs() - startedMs) / 1000,
    processUs: cpu.user + cpu.system,
    serverUs: serverBefore === null || nats === null ? null : cpuUsOf(nats.pid()) - serverBefore,
  };
}

/** Appends to every lane at each tick, one append of a lane under way, as the tracker service does. */
async function appendFor(log: Log, seconds: number): Promise<number> {
  const payload = new Uint8Array(RECORD_BYTES);
  const busy = Array.from({ length: LANES }, () => false);
  const endMs = systemClock.monotonicMs() + seconds * 1000;
  let appended = 0;
  let dueMs = systemClock.monotonicMs();
  while (systemClock.monotonicMs() < endMs) {
    for (let lane = 0; lane < LANES; lane += 1) {
      if (busy[lane]) continue;
      busy[lane] = true;
      void log.append('positions', trustedId<Lane>(lane), payload).then(() => {
        appended += 1;
        busy[lane] = false;
      });
    }
    dueMs += TICK_MS;
    await systemClock.sleep(Math.max(0, dueMs - systemClock.monotonicMs()));
  }
  return appended;
}

const [given = ''] = process.argv.slice(2);
const url = given.includes('://') ? given : null;
const nats = url === null ? await startNats(given === '' ? {} : { program: given }) : null;
const log = await createJetStreamLog({
  url: url ?? nats?.url ?? '',
  lanes: { positions: LANES, events: LANES },
  clock: systemClock,
  random: createRandom('read bench'),
  logger: silentLogger,
  metrics: createMetrics(),
});
const end = new AbortController();
let read = 0;
const reading = Array.from({ length: LANES * READERS_PER_LANE }, async (_, index) => {
  const lane = trustedId<Lane>(index % LANES);
  const { last } = await log.bounds('positions', lane);
  const from = trustedId<LogSequence>(last + 1);
  for await (const record of log.read('positions', lane, from, end.signal)) {
    read += record.payload.length > 0 ? 1 : 0;
  }
});
const report = (name: string, { seconds, processUs, serverUs }: Used, more: object): void => {
  const share = (us: number): number => Math.round((us / seconds / 1e4) * 10) / 10;
  const result = {
    name,
    server: nats?.version ?? url,
    readers: LANES * READERS_PER_LANE,
    processCpuPercent: share(processUs),
    serverCpuPercent: serverUs === null ? null : share(serverUs),
    ...more,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
};
try {
  await systemClock.sleep(1000);
  report('idle', await measured(nats, () => systemClock.sleep(IDLE_SECONDS * 1000)), {});
  let appended = 0;
  const used = await measured(nats, async () => {
    appended = await appendFor(log, LOADED_SECONDS);
  });
  const perFix = (us: number): number => Math.round((us / appended / FIXES) * 10) / 10;
  report('25,000 fixes/s', used, {
    recordsPerSecond: Math.round(appended / used.seconds),
    fixesPerSecond: Math.round((appended * FIXES) / used.seconds),
    readPerAppended: Math.round((read / appended) * 100) / 100,
    processUsPerFix: perFix(used.processUs),
    serverUsPerFix: used.serverUs === null ? null : perFix(used.serverUs),
  });
} finally {
  end.abort();
  await Promise.all(reading);
  await log.close();
  await nats?.stop();
}
