import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLogger, systemClock } from '@followme/platform';
import { waitUntil } from '@followme/testkit';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookAtProcess } from '../lock/processes.ts';
import { clusterName, listOrphans } from './cluster.ts';
import { startEmbeddedServer, type EmbeddedServer } from './embedded-server.ts';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
/** Runs the server of the folder it is given, says which, stays. */
const OWNER = `
  import { startEmbeddedServer } from '@followme/store';
  import { silentLogger, systemClock } from '@followme/platform';
  const server = await startEmbeddedServer({
    clock: systemClock, logger: silentLogger, dataFolder: process.argv[1] });
  console.log(JSON.stringify({ pid: server.pid(), port: server.port, url: server.url }));
  setInterval(() => undefined, 1000);`;

let parent: string;
let dataFolder: string;
let running: EmbeddedServer[];
let owners: ChildProcess[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'followme-embedded-'));
  // as below root's home: as root the server runs as a user who may not even enter this folder
  await chmod(parent, 0o700);
  dataFolder = join(parent, 'a b', 'data');
  await mkdir(dataFolder, { recursive: true });
  running = [];
  owners = [];
});
afterEach(async () => {
  for (const owner of owners) await killOwner(owner);
  if (running.length === 0) await start();
  for (const server of running) await server.stop();
  await rm(parent, { recursive: true });
});

async function start(durable = true): Promise<EmbeddedServer> {
  const options = { clock: systemClock, logger: silentLogger, dataFolder, durable };
  const server = await startEmbeddedServer(options);
  running.push(server);
  return server;
}

async function stop(server: EmbeddedServer): Promise<void> {
  running.splice(running.indexOf(server), 1);
  await server.stop();
}

interface Owned {
  readonly owner: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly url: string;
}

async function startInOtherProcess(): Promise<Owned> {
  const loader = ['--conditions=source', '--import', 'tsx', '--input-type=module'];
  const owner = spawn(process.execPath, [...loader, '-e', OWNER, dataFolder], {
    cwd: PACKAGE,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  const [line] = await once(owner.stdout, 'data');
  return { owner, ...(JSON.parse(String(line)) as Omit<Owned, 'owner'>) }; // what OWNER prints
}

async function killOwner(owner: ChildProcess): Promise<void> {
  if (owner.exitCode !== null || owner.signalCode !== null) return;
  owner.kill('SIGKILL');
  await once(owner, 'exit');
}

async function ask(url: string, text: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded server', () => {
  test('starts from nothing, keeps what was written over a restart', async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    await ask(first.url, 'CREATE SCHEMA mine; CREATE TABLE mine.kept AS SELECT 42 AS answer');
    const pid = first.pid();
    await stop(first);
    await isGone(pid);
    const second = await start();
    expect(await ask(second.url, 'SELECT answer FROM mine.kept')).toEqual([{ answer: 42 }]);
  });

  test('is PostgreSQL 18, durable, on this machine only, with a login that is no superuser', async () => {
    const { url, port } = await start();
    const settings = await ask(
      url,
      `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS synchronous_commit,
              current_setting('full_page_writes') AS full_page_writes,
              current_setting('listen_addresses') AS listen_addresses,
              current_setting('is_superuser') AS superuser, current_user::text AS login,
              inet_server_port() AS port`,
    );
    expect(settings).toEqual([
      {
        version: 18,
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
        listen_addresses: '127.0.0.1',
        superuser: 'off',
        login: 'followme',
        port,
      },
    ]);
  });

  test('lets nobody in without the password, which only its owner can read', async () => {
    const { url } = await start();
    const file = join(dataFolder, 'postgres', 'password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const password = (await readFile(file, 'utf8')).trim();
    expect(password.length).toBeGreaterThanOrEqual(32);
    const wrong = url.replace(password, 'followme');
    await expect(ask(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test.runIf(process.platform === 'linux')(
    'runs in a session of its own, so that Ctrl-C in a terminal does not reach it',
    async () => {
      const { pid } = await startInOtherProcess();
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      expect(Number(fields[3])).toBe(pid);
    },
  );

  test.runIf(process.getuid?.() === 0)('does not run as root', async () => {
    const server = await start();
    expect((await stat(`/proc/${server.pid()}`)).uid).not.toBe(0);
  });

  test('does not write statements or rows of people into its log', async () => {
    const server = await start();
    await ask(server.url, 'CREATE SCHEMA mine; CREATE TABLE mine.person (name text PRIMARY KEY)');
    const twice = "INSERT INTO mine.person VALUES ('secret name'), ('secret name')";
    await expect(ask(server.url, twice)).rejects.toMatchObject({ code: '23505' });
    const log = await readFile(join(dataFolder, 'postgres', 'server.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('secret name');
  });
});

/** A process that is not our child is known to have ended a moment before the system has taken it away. */
async function isGone(pid: number): Promise<void> {
  await waitUntil(async () => (await lookAtProcess(pid)) === null, 5000, `the end of ${pid}`);
}

describe('after kill -9 of its owner', () => {
  test('the server is adopted, with the connections it has', async () => {
    const { owner, pid, port, url } = await startInOtherProcess();
    const client = new Client({ connectionString: url });
    await client.connect();
    await killOwner(owner);
    const server = await start();
    expect([server.adopted, server.pid(), server.port]).toEqual([true, pid, port]);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    await stop(server);
    await isGone(pid);
  });

  test('a server that runs otherwise than this release would run it is replaced', async () => {
    const { owner, pid } = await startInOtherProcess();
    await killOwner(owner);
    const server = await start(false);
    expect(server.adopted).toBe(false);
    await isGone(pid);
    expect(await ask(server.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
  });

  test('a server that does not answer is stopped and another one started', async () => {
    const { owner, pid } = await startInOtherProcess();
    await killOwner(owner);
    process.kill(pid, 'SIGSTOP');
    const server = await start();
    expect(server.adopted).toBe(false);
    await isGone(pid);
    await ask(server.url, 'SELECT 1');
  });
});

describe('after kill -9 of the server', () => {
  test('while we run, it is started again on the same port and nothing committed is lost', async () => {
    const server = await start();
    await ask(server.url, 'CREATE SCHEMA mine; CREATE TABLE mine.kept AS SELECT 42 AS answer');
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    const rows = await waitUntil(
      () => ask(server.url, 'SELECT answer FROM mine.kept'),
      15_000,
      'the database',
    );
    expect(rows).toEqual([{ answer: 42 }]);
    await waitUntil(() => server.pid() !== before, 5000);
  });

  test('and of its owner, the next start works although a backend still computes', async () => {
    const { owner, pid, url } = await startInOtherProcess();
    const busy = new Client({ connectionString: url });
    busy.on('error', () => undefined);
    await busy.connect();
    await busy.query('CREATE SCHEMA mine; CREATE TABLE mine.kept AS SELECT 42 AS answer');
    const endless = busy.query('SELECT count(*) FROM generate_series(1, 1e12::bigint)');
    endless.catch(() => undefined);
    await waitUntil(async () => {
      const active =
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%1e12%'";
      return (await ask(url, `${active} AND pid <> pg_backend_pid()`)).length > 0;
    }, 5000);
    owner.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await waitUntil(async () => (await lookAtProcess(pid)) === null, 5000);
    const name = await clusterName(join(dataFolder, 'postgres', 'cluster'));
    expect(await listOrphans(name)).not.toEqual([]);
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(await ask(server.url, 'SELECT answer FROM mine.kept')).toEqual([{ answer: 42 }]);
    await expect(endless).rejects.toThrow();
  });

  test('a pid file that names a process of somebody else does not stop the next start', async () => {
    const first = await start();
    const pidFile = join(dataFolder, 'postgres', 'cluster', 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await stop(first);
    // of the same user, else PostgreSQL itself knows that it cannot be its server
    const { uid, gid } = await stat(pidFile.replace('postmaster.pid', ''));
    const stranger = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
    await once(stranger, 'spawn');
    await appendFile(pidFile, text.replace(/^\d+/, String(stranger.pid)));
    const second = await start();
    await ask(second.url, 'SELECT 1');
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill('SIGKILL');
  });
});

test('a first start that was cut short is finished by the next one', async () => {
  const half = join(dataFolder, 'postgres', 'initialising', 'cluster');
  await mkdir(half, { recursive: true });
  await appendFile(join(half, 'PG_VERSION'), '18\n');
  const server = await start();
  await ask(server.adminUrl, 'DROP DATABASE followme');
  await stop(server);
  await ask((await start()).url, 'SELECT 1');
});

test('a cluster whose password is gone is refused with the way out, not made anew', async () => {
  const server = await start();
  await stop(server);
  const file = join(dataFolder, 'postgres', 'password');
  const password = await readFile(file, 'utf8');
  await rm(file);
  await expect(start()).rejects.toMatchObject({
    code: 'EMBEDDED_UNAVAILABLE',
    message: `The database cannot be opened without its password: restore ${file} from a backup.`,
  });
  await appendFile(file, password);
});
