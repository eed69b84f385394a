/**
 * One PostgreSQL for a whole test run. The first worker that needs it starts it, the others find it running;
 * a watchdog of the system's shell stops it and removes its folder when the runner has ended, however it
 * ended.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@followme/platform';
import { lockDataFolder, startEmbeddedServer, StoreError } from '@followme/store';
import { waitUntil } from './wait-until.ts';

/** A server for tests and the login databases are given to. */
export interface SharedPostgres {
  /** A superuser, connected to a database that is not under test. */
  readonly adminUrl: string;
  /** What the store logs in with: no superuser. */
  readonly login: string;
  readonly password: string;
}

/** Names a server (superuser URL, PostgreSQL ≥ 15) to use instead of the embedded one. */
export const TEST_POSTGRES_VARIABLE = 'FOLLOWME_TEST_POSTGRES_URL';

const START_LIMIT_MS = 50_000;

const WATCHDOG = `
while kill -0 "$1" 2>/dev/null; do sleep 1; done
kill -INT "$2" 2>/dev/null
while kill -0 "$2" 2>/dev/null; do sleep 0.2; done
rm -rf "$3"`;

function stopWhenRunnerEnds(serverPid: number, folder: string): void {
  const args = ['-c', WATCHDOG, 'followme-test-watchdog', String(process.ppid), String(serverPid)];
  spawn('/bin/sh', [...args, folder], { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}

/** The folder of the run: workers of one runner have the same parent. */
function runFolder(): string {
  return join(tmpdir(), `followme-test-${process.getuid?.() ?? 0}-${process.ppid}`);
}

async function lockRun(folder: string) {
  return waitUntil(
    async () => {
      try {
        return await lockDataFolder({ clock: systemClock }, folder);
      } catch (error) {
        if (error instanceof StoreError && error.code === 'FOLDER_IN_USE') return null;
        throw error;
      }
    },
    START_LIMIT_MS,
    'the start of the test server',
  );
}

async function startShared(): Promise<SharedPostgres> {
  const folder = runFolder();
  const lock = await lockRun(folder);
  try {
    const server = await startEmbeddedServer({
      // no watching over the server: it is shared, and the watchdog stops it
      clock: { ...systemClock, every: () => () => undefined },
      logger: silentLogger,
      dataFolder: folder,
      durable: false,
    });
    if (!server.adopted) stopWhenRunnerEnds(server.pid(), folder);
    const { username, password } = new URL(server.url);
    return { adminUrl: server.adminUrl, login: username, password };
  } finally {
    await lock.release();
  }
}

/** The server of this run. */
export async function findSharedPostgres(): Promise<SharedPostgres> {
  const adminUrl = process.env[TEST_POSTGRES_VARIABLE];
  if (adminUrl === undefined || adminUrl === '') return startShared();
  // the same in every worker, and nothing anybody could guess who cannot log in anyway
  const password = createHash('sha256').update(`login of ${adminUrl}`).digest('hex');
  return { adminUrl, login: 'followme_test', password };
}
