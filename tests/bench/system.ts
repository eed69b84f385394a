/** `npm run bench:system`: what the whole way of a position costs and how long it takes, on both durabilities. */
import { parseArgs } from 'node:util';
import { natsPrograms } from '@followme/testkit';
import type { Scenario } from './load/seed.ts';
import { startCrew } from './system/crew.ts';
import { startEmbedded } from './system/embedded.ts';
import { measureDelays } from './system/measure-delays.ts';
import { measureSizes } from './system/measure-size.ts';
import { measureRate, type RateRun } from './system/measure-rate.ts';
import { tableOf, type Measured } from './system/number.ts';
import { profileParts } from './system/profile-parts.ts';
import { measureReference } from './system/reference.ts';
import { startScaledOut } from './system/scaled-out.ts';
import { say } from './system/say.ts';
import { settle } from './system/settle.ts';
import type { UnderTest } from './system/under-test.ts';

const HELP = `Usage: npm run bench:system -- [options]
Measures the whole way of a position with real processes and prints JSON: [{name, value, unit, bar, better}].
5,000 trackers, 10,008 fences, 100 viewers of 100 trackers each, everything from a seed. CPU is that of all
our processes and of the engines; generator and viewers are processes of their own, and told apart.

  --only NAMES     some of embedded,nats,reference; all without it
  --measure WHAT   some of delays,cost; both without it
  --rate N         the cost at this many positions a second only; without it at 10,000 and 25,000
  --seconds N      length of a measured window; 20 without it, and three times that for the rate that is held
  --profile N      also the N busiest functions of each process at the last rate, on standard error
  --table          prints a Markdown table instead of JSON
  --help           this

FOLLOWME_NATS_SERVERS names further nats-server programs (paths, separated like PATH) to measure on.
`;

const SCENARIO: Scenario = {
  seed: 'hot',
  trackers: 5_000,
  fences: 10_000,
  largeFences: 8,
  viewers: 100,
  trackersPerViewer: 100,
};
const SUBJECTS = ['embedded', 'nats', 'reference'] as const;
const DELAY_RATE = 5_000;
const COST_BARS: readonly (readonly [rate: number, barUs: number])[] = [
  [10_000, 100],
  [25_000, 60],
];
const REFERENCE_RATE = 10_000;
const HELD_RATE = 25_000;
/** The rate that is held is watched so many times longer. */
const HELD_TIMES = 3;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: SUBJECTS.join(',') },
    measure: { type: 'string', default: 'delays,cost' },
    rate: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    profile: { type: 'string', default: '0' },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const what = values.measure.split(',');
const seconds = Number(values.seconds);
const profile = Number(values.profile);
const nodeArgs = profile > 0 ? ['--inspect=127.0.0.1:0'] : [];

/** What is to be ended when somebody ends the bench. */
const running = new Set<{ stop(): Promise<void> }>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say(`${signal}: stopping what was started …`);
    void Promise.allSettled(Array.from(running, async (part) => part.stop())).then(() =>
      process.exit(1),
    );
  });
}

if (values.help) process.stdout.write(HELP);
else {
  const measured = await measureAll();
  process.stdout.write(`${values.table ? tableOf(measured) : JSON.stringify(measured, null, 2)}\n`);
}

async function measureAll(): Promise<Measured[]> {
  const wanted = values.only.split(',');
  const unknown = wanted.find((name) => !SUBJECTS.some((subject) => subject === name));
  if (unknown !== undefined) throw new Error(`--only: got "${unknown}"\n${HELP}`);
  const measured: Measured[] = [];
  if (wanted.includes('embedded')) {
    measured.push(...(await measure(() => startEmbedded(SCENARIO, nodeArgs))));
  }
  if (wanted.includes('nats')) {
    for (const program of natsPrograms()) {
      measured.push(...(await measure(() => startScaledOut(program, SCENARIO, nodeArgs))));
    }
  }
  if (wanted.includes('reference'))
    measured.push(...(await measureReference(REFERENCE_RATE, seconds)));
  return measured;
}

async function measure(start: () => Promise<UnderTest>): Promise<Measured[]> {
  say(`seeding and starting …`);
  const system = await start();
  running.add(system);
  try {
    const crew = await startCrew(system, SCENARIO);
    running.add(crew);
    try {
      const measured: Measured[] = [];
      await settle(system, crew, DELAY_RATE);
      if (what.includes('delays')) {
        measured.push(...(await measureDelays(system, crew, { rate: DELAY_RATE, seconds })));
      }
      if (what.includes('cost')) {
        for (const run of rateRuns()) measured.push(...(await measureRate(system, crew, run)));
      }
      measured.push(...(await measureSizes(system, crew.bytesPerConnection)));
      if (profile > 0) await profileParts(system, profile);
      return measured;
    } finally {
      running.delete(crew);
      await crew.stop();
    }
  } finally {
    running.delete(system);
    await system.stop();
  }
}

function rateRuns(): readonly RateRun[] {
  if (values.rate !== undefined) {
    return [{ rate: Number(values.rate), seconds, costBar: null, heldBar: null }];
  }
  return COST_BARS.map(([rate, costBar]) => ({
    rate,
    costBar,
    seconds: rate === HELD_RATE ? seconds * HELD_TIMES : seconds,
    heldBar: rate === HELD_RATE ? HELD_RATE : null,
  }));
}
