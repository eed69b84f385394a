/** At one rate: what a position costs, part by part, and whether every stage keeps up. */
import { loadavg } from 'node:os';
import type { Crew } from './crew.ts';
import { rounded, type Measured } from './number.ts';
import { say, sleep } from './say.ts';
import { cpuOfParts, readProgress, type Progress, type UnderTest } from './under-test.ts';

const WARM_UP_MS = 6_000;
const LOOK_EVERY_MS = 2_500;
/** Looks at either end of the window whose mean lag is compared: one look falls anywhere between two commits. */
const LOOKS_COMPARED = 3;
/** Lag that grew by less than this much load is not growing, s. */
const GROWTH_LIMIT_S = 0.5;

export interface RateRun {
  /** Fixes a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Bar of µs CPU per position; null without one. */
  readonly costBar: number | null;
  /** Bar of the rate held; null leaves that number out. */
  readonly heldBar: number | null;
}

interface Look {
  readonly atMs: number;
  readonly sent: number;
  readonly progress: Progress;
}

/** Runs one window. */
export async function measureRate(
  system: UnderTest,
  crew: Crew,
  run: RateRun,
): Promise<Measured[]> {
  say(`${system.name}: ${run.rate}/s for ${run.seconds} s …`);
  await crew.begin(run.rate, 'text');
  await sleep(WARM_UP_MS);
  await crew.sent();
  const before = { parts: cpuOfParts(system.parts), generatorUs: crew.generatorUs() };
  const viewersUs = crew.viewersUs();
  const looks = [await look(system, crew)];
  const endMs = performance.now() + run.seconds * 1_000;
  while (performance.now() < endMs) {
    await sleep(Math.min(LOOK_EVERY_MS, endMs - performance.now()));
    looks.push(await look(system, crew));
  }
  const after = { parts: cpuOfParts(system.parts), generatorUs: crew.generatorUs() };
  const helpersUs = after.generatorUs - before.generatorUs + crew.viewersUs() - viewersUs;
  const parts = [...after.parts].map(
    ([name, us]) => [name, us - (before.parts.get(name) ?? 0)] as const,
  );
  return [
    ...costs(system, run, { looks, parts }),
    ...held(system, run, looks),
    helperCores(system, run, { looks, helpersUs }),
  ];
}

async function look(system: UnderTest, crew: Crew): Promise<Look> {
  const progress = await readProgress(system.metricUrls);
  return { atMs: performance.now(), sent: (await crew.sent()).sent, progress };
}

const ends = (looks: readonly Look[]): readonly [Look, Look] => {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) throw new Error('Nothing was measured');
  return [first, last];
};

function costs(
  system: UnderTest,
  run: RateRun,
  {
    looks,
    parts,
  }: { readonly looks: readonly Look[]; readonly parts: readonly (readonly [string, number])[] },
): Measured[] {
  const [first, last] = ends(looks);
  const positions = last.progress.stored - first.progress.stored;
  const cost = (what: string, us: number, bar: number | null): Measured => ({
    name: `${system.name}: ${what} at ${run.rate}/s`,
    value: rounded(us / positions),
    unit: 'µs CPU per position',
    bar,
    better: 'lower',
  });
  const totalUs = parts.reduce((sum, [, us]) => sum + us, 0);
  say(
    `  ${rounded(totalUs / positions)} µs CPU per position: ` +
      parts.map(([name, us]) => `${name} ${rounded(us / positions)}`).join(', '),
  );
  return [
    cost('whole way', totalUs, run.costBar),
    ...parts.map(([name, us]) => cost(`of it ${name}`, us, null)),
  ];
}

/** How much load lies between the devices and each stage, s: that of the stage that is furthest behind. */
function lagS({ sent, progress }: Look, rate: number): number {
  return (sent - Math.min(...Object.values(progress))) / rate;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function held(
  system: UnderTest,
  { rate, seconds, heldBar }: RateRun,
  looks: readonly Look[],
): Measured[] {
  const [first, last] = ends(looks);
  const lags = looks.map((look) => lagS(look, rate));
  const [startS, endS] = [mean(lags.slice(0, LOOKS_COMPARED)), mean(lags.slice(-LOOKS_COMPARED))];
  const elapsedS = (last.atMs - first.atMs) / 1_000;
  const wasSent = (last.sent - first.sent) / elapsedS;
  const slowest = Math.min(
    ...stages(last.progress).map(([stage, count]) => (count - first.progress[stage]) / elapsedS),
  );
  // a stage that keeps up takes what comes; the generator may miss its rate too, by a look's width at most
  const keepsUp = endS - startS < GROWTH_LIMIT_S && wasSent > rate * 0.99;
  const value = keepsUp ? rate : Math.round(Math.min(slowest, wasSent));
  const [load = 0] = loadavg();
  say(
    `  sent ${Math.round(wasSent)}/s, slowest stage ${Math.round(slowest)}/s, lag ${rounded(startS)} → ` +
      `${rounded(endS)} s (${stages(last.progress)
        .map(([stage, count]) => `${stage} ${rounded((last.sent - count) / rate)}`)
        .join(', ')}), load average ${rounded(load)}`,
  );
  const name = `${system.name}: positions held for ${seconds} s without growing lag`;
  const lag = `${system.name}: lag of the slowest stage at the end of ${seconds} s at ${rate}/s`;
  return [
    ...(heldBar === null
      ? []
      : [{ name, value, unit: 'positions/s', bar: heldBar, better: 'higher' } as const]),
    { name: lag, value: rounded(endS), unit: 's', bar: null, better: 'lower' },
  ];
}

// `Progress` has these keys and no others
const stages = (progress: Progress): [keyof Progress, number][] =>
  Object.entries(progress) as [keyof Progress, number][];

function helperCores(
  system: UnderTest,
  { rate }: RateRun,
  { looks, helpersUs }: { readonly looks: readonly Look[]; readonly helpersUs: number },
): Measured {
  const [first, last] = ends(looks);
  const cores = helpersUs / 1_000 / (last.atMs - first.atMs);
  say(`  generator and viewers took ${rounded(cores)} cores of the same machine`);
  return {
    name: `${system.name}: beside it generator and viewers at ${rate}/s`,
    value: rounded(cores),
    unit: 'cores',
    bar: null,
    better: 'lower',
  };
}
