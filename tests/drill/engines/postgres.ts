/**
 * A real PostgreSQL for many processes: the cluster of the embedded server, started as the embedded server starts
 * it, with fsync on and room for the pools of every process. Nobody watches over it: what is killed stays dead until
 * it is started again.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { silentLogger, systemClock } from '@followme/platform';
import { startEmbeddedServer } from '@followme/store';
import { waitUntil } from '@followme/testkit';
import { Client } from 'pg';
import { atExit } from '../at-exit.ts';
import { childrenOf } from '../../support/system.ts';

export interface DrillPostgres {
  /** The login of the product. Goes past all links. */
  readonly url: string;
  /** A superuser in the same database, to look past our own code. */
  readonly adminUrl: string;
  readonly port: number;
  /** SIGKILL to the server and all its children at once. */
  kill(): Promise<void>;
  /** SIGQUIT: the server drops everything at once and recovers at the next start. */
  dropAll(): Promise<void>;
  /** SIGSTOP, or SIGCONT, to the server and all its children. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Starts it again; resolves when it takes connections, after its recovery. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Later settings win over the ones of the embedded server. */
const MORE_SETTINGS = ['-c', 'max_connections=400'];
const START_LIMIT_MS = 60_000;

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
}

/** How a running process was started, from what the kernel knows of it. */
function commandOf(pid: number): Command {
  const words = (file: string): string[] =>
    readFileSync(`/proc/${pid}/${file}`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
  const [program = '', ...args] = words('cmdline');
  const env = Object.fromEntries(
    words('environ').map((word) => {
      const equals = word.indexOf('=');
      return [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const idOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const cwd = readlinkSync(`/proc/${pid}/cwd`);
  return { program, args, env, cwd, uid: idOf('Uid'), gid: idOf('Gid') };
}

/** Makes a cluster in `folder` and starts it. */
export async function startDrillPostgres(folder: string): Promise<DrillPostgres> {
  const made = await startEmbeddedServer({
    clock: systemClock,
    logger: silentLogger,
    dataFolder: folder,
  });
  const command = commandOf(made.pid());
  const { url, port } = made;
  const admin = new URL(made.adminUrl);
  admin.pathname = new URL(url).pathname;
  const adminUrl = admin.href;
  await made.stop();
  let server = await launch(command, { folder, adminUrl });
  const spare = atExit(() => signalAll('SIGKILL'));
  const all = (): number[] => [server.pid ?? 0, ...childrenOf(server.pid ?? 0)];
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of all()) {
      try {
        process.kill(pid, signal);
      } catch {
        // it ended between the look and the signal
      }
    }
  };
  return {
    url,
    adminUrl,
    port,
    async kill() {
      const ended = endOf(server);
      signalAll('SIGKILL');
      await ended;
    },
    async dropAll() {
      const ended = endOf(server);
      server.kill('SIGQUIT');
      await ended;
    },
    signal: signalAll,
    async start() {
      server = await launch(command, { folder, adminUrl });
    },
    async stop() {
      const ended = endOf(server);
      signalAll('SIGCONT');
      server.kill('SIGINT');
      const timer = setTimeout(() => signalAll('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
      spare();
    },
  };
}

function endOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', resolve));
}

async function launch(
  { program, args, env, cwd, uid, gid }: Command,
  { folder, adminUrl }: { readonly folder: string; readonly adminUrl: string },
): Promise<ChildProcess> {
  const log = openSync(path.join(folder, 'postgres/server.log'), 'a');
  const user = uid === process.getuid?.() ? {} : { uid, gid };
  const child = spawn(program, [...args, ...MORE_SETTINGS], {
    cwd,
    env,
    stdio: ['ignore', log, log],
    // Ctrl-C in a terminal reaches the drill, which stops it when nobody needs it any more
    detached: true,
    ...user,
  });
  closeSync(log);
  await waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
      const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 1_000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return true;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    START_LIMIT_MS,
    'the start of PostgreSQL',
  );
  return child;
}
