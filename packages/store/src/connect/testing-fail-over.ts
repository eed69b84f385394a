/**
 * A primary, a standby that is its copy, and an address that leads to one of them: what a fail-over looks like from
 * here. The standby follows nobody; it was copied when the primary stood still, which is all these tests need.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLogger, systemClock } from '@followme/platform';
import { Client } from 'pg';
import { copyFolders, findPackage, prepareBinaries } from '../embedded/binaries.ts';
import { hereAs } from '../embedded/cluster.ts';
import { startEmbeddedServer } from '../embedded/embedded-server.ts';
import { chooseUser } from '../embedded/run-as.ts';
import { serverArguments } from '../embedded/settings.ts';
import { migrate } from '../migrate/migrate.ts';
import { startRelay } from './testing-relay.ts';

export interface FailOver {
  /** The address, which leads to the primary at first. */
  readonly url: string;
  /** Kills the primary as a power cut does. */
  killPrimary(): void;
  /** From here on the address leads to the standby. */
  moveAddress(): void;
  /** Makes the standby a primary. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts both.
 * @param kit a free port for the standby, and how to wait until it answers.
 */
export async function startFailOver(kit: {
  readonly standbyPort: number;
  readonly until: (answers: () => Promise<boolean>) => Promise<unknown>;
}): Promise<FailOver> {
  const folder = await mkdtemp(join(tmpdir(), 'followme-fail-over-'));
  const primaryFolder = join(folder, 'primary');
  // nobody brings the killed primary back
  const options = {
    clock: { ...systemClock, every: () => () => undefined },
    logger: silentLogger,
    dataFolder: primaryFolder,
    durable: false,
  };
  const first = await startEmbeddedServer(options);
  await migrate(first.url);
  await first.stop();
  const standbyFolder = join(folder, 'standby');
  // with its owner: as root the server runs as somebody else
  await promisify(execFile)('cp', ['-a', primaryFolder, standbyFolder]);
  const primary = await startEmbeddedServer(options);
  const standby = await startStandby(join(standbyFolder, 'postgres', 'cluster'), kit.standbyPort);
  const address = await startAddress(primary.port);
  const adminUrl = withPort(primary.adminUrl, standby.port);
  await kit.until(() => answers(adminUrl));
  return {
    url: withPort(primary.url, address.port),
    killPrimary: () => void process.kill(primary.pid(), 'SIGKILL'),
    moveAddress: () => address.moveTo(standby.port),
    async promote() {
      await withClient(adminUrl, (client) => client.query('SELECT pg_promote(true, 20)'));
    },
    async stop() {
      await address.close();
      await standby.stop();
      await primary.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function withPort(url: string, port: number): string {
  const moved = new URL(url);
  moved.hostname = '127.0.0.1';
  moved.port = String(port);
  return moved.href;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
    return true;
  } catch {
    return false;
  }
}

async function startStandby(
  data: string,
  port: number,
): Promise<{ port: number; stop(): Promise<void> }> {
  const user = await chooseUser(data);
  const binaries = await prepareBinaries(await findPackage(), user, copyFolders(user, data));
  await writeFile(join(data, 'standby.signal'), '');
  const settings = serverArguments(false, 'followme-standby');
  const child = spawn(
    binaries.postgres,
    ['-D', hereAs({ user }, data), '-p', String(port), ...settings],
    { cwd: data, env: binaries.env, stdio: 'ignore', ...user },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  return {
    port,
    async stop() {
      child.kill('SIGQUIT');
      await ended;
    },
  };
}

interface MovableAddress {
  readonly port: number;
  /** Connections there are break; new ones lead to `port`. */
  moveTo(port: number): void;
  close(): Promise<void>;
}

async function startAddress(firstPort: number): Promise<MovableAddress> {
  let port = firstPort;
  const relay = await startRelay(
    () => ({ host: '127.0.0.1', port }),
    (from, to) => void from.pipe(to),
  );
  return {
    port: relay.port,
    moveTo(next) {
      port = next;
      relay.breakAll();
    },
    close: () => relay.close(),
  };
}
