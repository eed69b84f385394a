/** The system as anybody starts it: one process on the embedded engines. */
import { findEmbeddedServer } from '@followme/store';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { databaseServerPid, startSystem } from '../../support/system.ts';
import { seedDataFolder, type Scenario } from '../load/seed.ts';
import type { UnderTest } from './under-test.ts';

const NAME = 'one process, LMDB (fdatasync) + PostgreSQL 18 (fsync)';

/** Seeds a fresh data folder and starts the system on it. */
export async function startEmbedded(
  scenario: Scenario,
  nodeArgs: readonly string[],
): Promise<UnderTest> {
  const folder = await mkdtemp(path.join(tmpdir(), 'followme-bench-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await seedDataFolder(folder, scenario);
    const system = await startSystem({
      dataFolder: folder,
      nodeArgs,
      args: ['--log-level', 'error'],
    });
    const database = await findEmbeddedServer(folder);
    if (database === null) throw new Error('The database server is not to be found');
    return {
      name: NAME,
      url: system.url,
      devicePort: system.devicePort,
      metricUrls: [`${system.url}/metrics`],
      storeUrl: database.url,
      parts: [
        { name: 'our process', pid: system.pid, isOurs: true, tree: false },
        { name: 'PostgreSQL', pid: databaseServerPid(folder) ?? 0, isOurs: false, tree: true },
      ],
      printed: () => [['our process', system.output()]],
      async stop() {
        await system.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
