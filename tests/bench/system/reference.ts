/** The peer of the comparison: see `packages/log/src/reference/stock-client.program.ts`. */
import { loadavg } from 'node:os';
import { startNats } from '@followme/testkit';
import { processCpuUs } from '../load/cpu.ts';
import { startHelper, type Helper } from '../load/wire.ts';
import { rounded, type Measured } from './number.ts';
import { say, sleep } from './say.ts';

const PROGRAM = 'packages/log/src/reference/stock-client.program.ts';
/** As many as read each position in the system. */
const READERS = ['recorder', 'operator', 'live'] as const;
const WARM_UP_MS = 5_000;
const STORE_BYTES = 8_000_000_000;

interface Counted {
  readonly count: number;
  readonly failed: number;
}

/** Measures the plain way at one rate on the machine's own nats-server. */
export async function measureReference(rate: number, seconds: number): Promise<Measured[]> {
  const server = await startNats({ maxFileBytes: STORE_BYTES });
  const helpers: Helper[] = [];
  try {
    const name = `reference, stock client on NATS ${server.version} (lazy sync), JSON, three readers, nothing else`;
    say(`${name}: ${rate}/s for ${seconds} s …`);
    for (const job of ['publish', ...READERS]) {
      helpers.push(await startHelper(PROGRAM, [job, server.url, String(rate)]));
    }
    await sleep(WARM_UP_MS);
    const look = async (): Promise<{ atMs: number; us: number; counts: Counted[] }> => ({
      atMs: performance.now(),
      us: [server.pid(), ...helpers.map(({ pid }) => pid)]
        .map(processCpuUs)
        .reduce((a, b) => a + b, 0),
      counts: await Promise.all(helpers.map(async (helper) => helper.ask<Counted>({}))),
    });
    const before = await look();
    await sleep(seconds * 1_000);
    const after = await look();
    // what the slowest of them got through
    const done = Math.min(
      ...after.counts.map(({ count }, i) => count - (before.counts[i]?.count ?? 0)),
    );
    const [load = 0] = loadavg();
    const costUs = rounded((after.us - before.us) / done);
    const perSecond = Math.round((done * 1_000) / (after.atMs - before.atMs));
    say(`  ${costUs} µs CPU per position, ${perSecond}/s, load average ${rounded(load)}`);
    return [
      { name, value: costUs, unit: 'µs CPU per position', bar: null, better: 'lower' },
      { name, value: perSecond, unit: 'positions/s', bar: null, better: 'higher' },
    ];
  } finally {
    for (const helper of helpers) helper.kill();
    await server.stop();
  }
}
