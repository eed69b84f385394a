/** At a steady rate: how long until a fix is acknowledged, seen, and until its crossing is committed. */
import { loadavg } from 'node:os';
import type { LatencySummary } from '../load/phase.ts';
import { watchEvents } from './committed-events.ts';
import type { Crew } from './crew.ts';
import { rounded, type Measured } from './number.ts';
import { say, sleep } from './say.ts';
import type { UnderTest } from './under-test.ts';

/** Before the window, at its rate. */
const WARM_UP_MS = 5_000;

const BARS_MS = { ack: 50, viewer: 150, event: 500 } as const;

/** Measures for so many seconds. */
export async function measureDelays(
  system: UnderTest,
  crew: Crew,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<Measured[]> {
  say(`${system.name}: delays at ${rate}/s …`);
  const phase = await crew.begin(rate, 'binary');
  await sleep(WARM_UP_MS);
  await crew.sent();
  await crew.seen();
  const events = await watchEvents(system.storeUrl, phase);
  await sleep(seconds * 1_000);
  const { acks, mostBehind } = await crew.sent();
  const { latencies } = await crew.seen();
  const committed = await events.stop();
  const [load = 0] = loadavg();
  say(
    `  acks ${shown(acks)}; viewers ${shown(latencies)}; events ${shown(committed)}; ` +
      `generator at most ${mostBehind} behind; load average ${rounded(load)}`,
  );
  const delay = (what: string, value: number, bar: number | null): Measured => ({
    name: `${system.name}: in → ${what} at ${rate}/s`,
    value: rounded(value),
    unit: 'ms',
    bar,
    better: 'lower',
  });
  const both = (what: string, { p50Ms, p99Ms }: LatencySummary, bar: number): Measured[] => [
    delay(`${what}, p99`, p99Ms, bar),
    delay(`${what}, p50`, p50Ms, null),
  ];
  return [
    ...both('durable ack', acks, BARS_MS.ack),
    ...both('viewer', latencies, BARS_MS.viewer),
    ...both('event committed', committed, BARS_MS.event),
  ];
}

const shown = ({ count, p50Ms, p99Ms, maxMs }: LatencySummary): string =>
  `${count} (p50 ${rounded(p50Ms)}, p99 ${rounded(p99Ms)}, max ${rounded(maxMs)} ms)`;
