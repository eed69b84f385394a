/**
 * `npm run bench:start`: seconds from `followme demo` to the ready line: on an empty data folder, after a clean
 * stop, and after SIGKILL of the process and its database server. The median of three each. Prints JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSystem, type RunningSystem } from '../support/system.ts';

const ROUNDS = 3;

const folder = await mkdtemp(path.join(tmpdir(), 'followme-start-'));
const start = (): Promise<RunningSystem> => startSystem({ dataFolder: folder, command: 'demo' });
const seconds: Record<'first' | 'afterStop' | 'afterKill', number[]> = {
  first: [],
  afterStop: [],
  afterKill: [],
};
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    await rm(folder, { recursive: true, force: true });
    let system = await start();
    seconds.first.push(system.startMs / 1_000);
    await system.stop();
    system = await start();
    seconds.afterStop.push(system.startMs / 1_000);
    await system.killEverything();
    system = await start();
    seconds.afterKill.push(system.startMs / 1_000);
    await system.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

const median = (values: readonly number[]): number =>
  Math.round((values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0) * 100) / 100;
const result = (name: string, values: readonly number[], bar: number | null) => ({
  name,
  value: median(values),
  unit: 's',
  bar,
  better: 'lower',
});
const results = [
  result('ready on an empty data folder', seconds.first, null),
  result('ready after a clean stop', seconds.afterStop, 3),
  result('ready after SIGKILL of everything', seconds.afterKill, 15),
];
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
