/** The system scaled out: three processes that meet in a NATS server and a PostgreSQL reached by URL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger, systemClock } from '@followme/platform';
import { startEmbeddedServer } from '@followme/store';
import { isAtLeast, startNats, type NatsProgram } from '@followme/testkit';
import {
  BUILT_PROGRAM,
  startProcess,
  type Role,
  type RunningProcess,
} from '../../support/processes.ts';
import { seedDatabase, type Scenario } from '../load/seed.ts';
import type { UnderTest } from './under-test.ts';

/** Who shares a process; the tracker first, since it makes the day's partitions. */
const PROCESSES: readonly (readonly Role[])[] = [
  ['tracker'],
  ['geofence', 'notification'],
  ['client'],
];
const STORE_BYTES = 8_000_000_000;

/** Starts servers with fsync where they know it, seeds the database, starts the processes. */
export async function startScaledOut(
  nats: NatsProgram,
  scenario: Scenario,
  nodeArgs: readonly string[],
): Promise<UnderTest> {
  const syncs = isAtLeast(nats.version, '2.10.0');
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const server = await startNats({
      program: nats.path,
      maxFileBytes: STORE_BYTES,
      ...(syncs ? { syncInterval: 'always' } : {}),
    });
    undo.push(() => server.stop());
    const folder = await mkdtemp(path.join(tmpdir(), 'followme-bench-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const deps = { clock: systemClock, logger: silentLogger };
    const database = await startEmbeddedServer({ ...deps, dataFolder: folder });
    undo.push(() => database.stop());
    await seedDatabase(database.url, scenario);
    const processes: RunningProcess[] = [];
    for (const roles of PROCESSES) {
      const process = await startProcess({
        roles,
        log: server.url,
        store: database.url,
        nodeArgs,
        program: BUILT_PROGRAM,
        args: ['--log-level', 'error'],
      });
      undo.push(() => process.stop());
      processes.push(process);
    }
    const nameOf = ({ roles }: RunningProcess): string => roles.join(' + ');
    return {
      name: `three processes, NATS ${server.version} (${syncs ? 'sync always' : 'lazy sync'}) + PostgreSQL 18 by URL (fsync)`,
      url: processes.find(({ url }) => url !== null)?.url ?? '',
      devicePort: processes.find(({ devicePort }) => devicePort !== null)?.devicePort ?? 0,
      metricUrls: processes.map(({ opsUrl }) => `${opsUrl}/metrics`),
      storeUrl: database.url,
      parts: [
        ...processes.map((process) => ({
          name: nameOf(process),
          pid: process.pid,
          isOurs: true,
          tree: false,
        })),
        { name: 'nats-server', pid: server.pid(), isOurs: false, tree: false },
        { name: 'PostgreSQL', pid: database.pid(), isOurs: false, tree: true },
      ],
      printed: () => processes.map((process) => [nameOf(process), process.output()] as const),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
