/**
 * `npm run bench:hot [-- --rate N --seconds N --top N]`: µs CPU per position by stage, at 10,000 positions a second on
 * the embedded engines: 5,000 connections, 10,000 fences, 100 viewers of 100 trackers each. Load and viewers
 * are processes of their own and not counted; the system and its database server are. Prints JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { databaseServerPid, startSystem, type RunningSystem } from '../support/system.ts';
import { openProfiler } from './hot/profiler.ts';
import { busiestFunctions, microsecondsByStage, type CpuProfile } from './hot/stages.ts';
import { mainThreadCpuUs, processCpuUs, treeCpuUs } from './load/cpu.ts';
import { seedDataFolder, type Scenario } from './load/seed.ts';
import { startHelper, type Helper } from './load/wire.ts';

const SCENARIO: Scenario = {
  seed: 'hot',
  trackers: 5_000,
  fences: 10_000,
  largeFences: 8,
  viewers: 100,
  trackersPerViewer: 100,
};
/** The system finds its rhythm first: JIT, partitions, first last-states. */
const WARM_UP_S = 8;
const PROFILE_S = 8;
const BAR_US = 100;

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number | null;
  readonly better: 'higher' | 'lower';
}

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '20' },
    top: { type: 'string', default: '0' },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const folder = await mkdtemp(path.join(tmpdir(), 'followme-bench-'));
try {
  say(
    `seeding ${SCENARIO.trackers} trackers, ${SCENARIO.fences} fences, ${SCENARIO.viewers} viewers …`,
  );
  await seedDataFolder(folder, SCENARIO);
  const nodeArgs = ['--inspect=127.0.0.1:0'];
  const system = await startSystem({
    dataFolder: folder,
    nodeArgs,
    args: ['--log-level', 'error'],
  });
  try {
    process.stdout.write(`${JSON.stringify(await measure(system), null, 2)}\n`);
  } finally {
    await system.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(system: RunningSystem): Promise<Measured[]> {
  const helpers: Helper[] = [];
  try {
    return await measureWith(system, helpers);
  } finally {
    for (const helper of helpers) helper.kill();
  }
}

async function measureWith(system: RunningSystem, helpers: Helper[]): Promise<Measured[]> {
  const viewers = await startHelper('tests/bench/load/viewers.ts', [
    system.url,
    String(SCENARIO.viewers),
  ]);
  helpers.push(viewers);
  const load = await startHelper(
    'tests/bench/load/devices.ts',
    [system.devicePort, SCENARIO.trackers].map(String),
  );
  helpers.push(load);
  await load.ask({ type: 'phase', rate, frames: 'text' });
  say(`warming up for ${WARM_UP_S} s …`);
  await sleep(WARM_UP_S * 1_000);
  const profiler = await openProfiler(system.output());
  const server = databaseServerPid(system.dataFolder) ?? 0;
  const look = async (): Promise<Look> => ({
    atMs: performance.now(),
    systemUs: processCpuUs(system.pid),
    mainThreadUs: mainThreadCpuUs(system.pid),
    databaseUs: treeCpuUs(server),
    ...(await scrape(system.url)),
  });
  say(`measuring for ${seconds} s …`);
  const before = await look();
  await sleep(seconds * 1_000);
  const after = await look();
  // the profiler costs CPU itself: it runs in a window of its own, and only tells the shares of the stages
  say(`profiling for ${PROFILE_S} s …`);
  await profiler.start();
  await sleep(PROFILE_S * 1_000);
  const profile = await profiler.stop();
  say(`load: ${JSON.stringify(await load.ask({ type: 'look' }))}`);
  say(`viewers: ${JSON.stringify(await viewers.ask({ type: 'look' }))}`);
  for (const line of busiestFunctions(profile, Number(values.top))) say(line);
  return [...wholeWay(before, after), ...byStage(profile, before, after), ...rates(before, after)];
}

interface Look {
  readonly atMs: number;
  readonly systemUs: number;
  readonly mainThreadUs: number;
  readonly databaseUs: number;
  readonly stored: number;
  readonly recorded: number;
  readonly judged: number;
}

function perPosition(us: number, before: Look, after: Look): number {
  return Math.round((us / (after.stored - before.stored)) * 100) / 100;
}

function cost(name: string, value: number, bar: number | null = null): Measured {
  return { name, value, unit: 'µs CPU per position', bar, better: 'lower' };
}

function wholeWay(before: Look, after: Look): Measured[] {
  const systemUs = after.systemUs - before.systemUs;
  const databaseUs = after.databaseUs - before.databaseUs;
  return [
    cost('whole way', perPosition(systemUs + databaseUs, before, after), BAR_US),
    cost('whole way: our process', perPosition(systemUs, before, after)),
    cost('whole way: database server', perPosition(databaseUs, before, after)),
  ];
}

/** Our process by stage: CPU as the kernel counted it, the main thread's split by the profile's shares. */
function byStage(profile: CpuProfile, before: Look, after: Look): Measured[] {
  const samples = microsecondsByStage(profile);
  const sampledUs = [...samples.values()].reduce((sum, us) => sum + us, 0);
  const mainUs = after.mainThreadUs - before.mainThreadUs;
  const otherUs = after.systemUs - before.systemUs - mainUs;
  const stages = [...samples].map(([stage, us]) => [stage, (us / sampledUs) * mainUs] as const);
  return [...stages, ['other threads (log writer, compiler, collector)', otherUs] as const]
    .toSorted((a, b) => b[1] - a[1])
    .map(([stage, us]) => cost(`stage: ${stage}`, perPosition(us, before, after)));
}

function rates(before: Look, after: Look): Measured[] {
  const elapsedS = (after.atMs - before.atMs) / 1_000;
  const rateOf = (name: string, count: number, bar: number | null): Measured => ({
    name,
    value: Math.round(count / elapsedS),
    unit: 'positions/s',
    bar,
    better: 'higher',
  });
  return [
    rateOf('rate stored', after.stored - before.stored, rate * 0.98),
    rateOf('rate recorded', after.recorded - before.recorded, rate * 0.95),
    rateOf('rate judged', after.judged - before.judged, rate * 0.95),
  ];
}

/** Counters of the system, by name, summed over labels. */
async function scrape(url: string): Promise<Pick<Look, 'stored' | 'recorded' | 'judged'>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]
      .map(([, value]) => Number(value))
      .reduce((a, b) => a + b, 0);
  return {
    stored: sum('followme_tracker_fixes_stored_total'),
    recorded: sum('followme_recorder_positions_total'),
    judged: sum('followme_geofence_fixes_total'),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
