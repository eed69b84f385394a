/** Starting and stopping the server process; every wait has an end. */
import { spawn } from 'node:child_process';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Clock, Logger } from '@followme/platform';
import { failureCode } from '../connect/retryable.ts';
import { lookAtProcess } from '../lock/processes.ts';
import { StoreError } from '../connect/store-error.ts';
import {
  clusterName,
  hereAs,
  listOrphans,
  lookAtServer,
  readPidFile,
  type Cluster,
} from './cluster.ts';
import { serverArguments } from './settings.ts';

/** A server that accepts connections. */
export interface LiveServer {
  readonly pid: number;
  readonly port: number;
}

export interface LaunchDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a start is tried again when something of the last server is still in its way. */
const START_LIMIT_MS = 15_000;
/** How long a server that lives may recover from a crash before we give it up. */
export const RECOVERY_LIMIT_MS = 300_000;
const RETRY_EVERY_MS = 200;
const LOOK_EVERY_MS = 20;
/** Backends of a killed server leave by themselves; one that computes may take longer than we wait. */
const ORPHAN_PATIENCE_MS = 2000;
/** The log is put aside at the next start once it is larger. */
const LOG_LIMIT_BYTES = 10_000_000;
/** How long each way of stopping may take before the harder one. */
const STOPPING = [
  { signal: 'SIGINT', limitMs: 10_000 },
  { signal: 'SIGQUIT', limitMs: 3000 },
  { signal: 'SIGKILL', limitMs: 2000 },
] as const;

/** What the log says when waiting helps: processes, memory or the port of the last server are still there. */
const IN_THE_WAY =
  /pre-existing shared memory block|lock file "postmaster\.pid"|could not bind|could not create any TCP\/IP sockets/;

/** A TCP port of 127.0.0.1 that was free a moment ago. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Sends a signal; false when the process is gone. */
function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** What PostgreSQL takes for life: true for a zombie and for a process of the same user that has the id now. */
function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return failureCode(error) === 'EPERM';
  }
}

/** Waits until the server with this id is gone. False when it is still there after `limitMs`. */
async function waitUntilGone(
  { clock }: Pick<LaunchDeps, 'clock'>,
  server: { name: string; pid: number },
  limitMs: number,
): Promise<boolean> {
  const endMs = clock.monotonicMs() + limitMs;
  while ((await lookAtServer(server.name, server.pid)) !== null) {
    if (clock.monotonicMs() > endMs) return false;
    await clock.sleep(LOOK_EVERY_MS);
  }
  return true;
}

/**
 * Stops a server: fast shutdown first (sessions end, a checkpoint is written), harder when it does not go. For
 * an unresponsive one the fast shutdown is left out; the next start recovers, as after a crash.
 */
export async function stopServer(
  deps: LaunchDeps,
  cluster: Pick<Cluster, 'data'>,
  pid: number,
  condition: 'responsive' | 'unresponsive',
): Promise<void> {
  const name = await clusterName(cluster.data);
  for (const { signal, limitMs } of STOPPING.slice(condition === 'responsive' ? 0 : 1)) {
    if ((await lookAtServer(name, pid)) === null) return;
    if (signal !== 'SIGINT') deps.logger.warn('postgres.stopsSlowly', { pid, signal });
    signalTo(pid, signal);
    if (await waitUntilGone(deps, { name, pid }, limitMs)) return;
  }
  throw new StoreError('EMBEDDED_UNAVAILABLE', `The database server ${pid} could not be stopped.`);
}

/**
 * Removes a pid file that names a zombie or a stranger: PostgreSQL asks only whether the id answers signals,
 * and would refuse to start. What may be a PostgreSQL stays untouched; so does the file of a process that is
 * gone, with which PostgreSQL deals itself.
 */
async function clearPidFile(cluster: Cluster): Promise<void> {
  const file = await readPidFile(cluster.data);
  if (file === null || !answersSignals(file.pid)) return;
  const holder = await lookAtProcess(file.pid);
  if (holder !== null && /^(\S*\/)?post(gres|master)\b/.test(holder.command)) return;
  await unlink(join(cluster.data, 'postmaster.pid')).catch(() => undefined);
}

/** Ends the processes of a killed server that have not left by themselves. */
async function killOrphans({ logger }: LaunchDeps, name: string): Promise<void> {
  for (const { pid, command } of await listOrphans(name)) {
    logger.warn('postgres.killingOrphan', { pid, command });
    signalTo(pid, 'SIGKILL');
  }
}

async function openLog(path: string) {
  const size = (await stat(path).catch(() => null))?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}

/** The arguments the server of a cluster is started with. */
export async function commandArguments(cluster: Cluster, port: number): Promise<readonly string[]> {
  const settings = serverArguments(cluster.durable, await clusterName(cluster.data));
  return ['-D', hereAs(cluster, cluster.data), '-p', String(port), ...settings];
}

type Attempt = { readonly server: LiveServer } | { readonly log: string };

async function tryStart(deps: LaunchDeps, cluster: Cluster, port: number): Promise<Attempt> {
  const log = await openLog(cluster.log);
  const from = (await log.stat()).size;
  const args = await commandArguments(cluster, port);
  // a session of its own: Ctrl-C in the terminal must reach us, not the server we still write to
  const child = spawn(cluster.binaries.postgres, args, {
    cwd: cluster.data,
    env: cluster.binaries.env,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...cluster.user,
  });
  const life: { ended: string | null } = { ended: null };
  child.once('error', (error) => (life.ended = error.message));
  child.once('exit', (code, signal) => (life.ended = `it ended with ${signal ?? code}`));
  child.unref();
  await log.close();
  const endMs = deps.clock.monotonicMs() + RECOVERY_LIMIT_MS;
  while (life.ended === null) {
    const file = await readPidFile(cluster.data);
    if (file?.pid === child.pid && file?.status === 'ready') {
      return { server: { pid: file.pid, port: file.port } };
    }
    if (deps.clock.monotonicMs() > endMs) {
      signalTo(child.pid ?? 0, 'SIGQUIT');
      return { log: `it was not ready after ${RECOVERY_LIMIT_MS / 1000} s` };
    }
    await deps.clock.sleep(LOOK_EVERY_MS);
  }
  const text = (await readFile(cluster.log)).subarray(from).toString('utf8').trim();
  return { log: text === '' ? life.ended : text };
}

/**
 * Starts the server on `port`, or a free one.
 * @throws StoreError `EMBEDDED_UNAVAILABLE` with what its log says.
 */
export async function startServer(
  deps: LaunchDeps,
  cluster: Cluster,
  port?: number,
): Promise<LiveServer> {
  const name = await clusterName(cluster.data);
  const beganMs = deps.clock.monotonicMs();
  for (;;) {
    const spentMs = deps.clock.monotonicMs() - beganMs;
    await clearPidFile(cluster);
    if (spentMs > ORPHAN_PATIENCE_MS) await killOrphans(deps, name);
    const attempt = await tryStart(deps, cluster, port ?? (await findFreePort()));
    if ('server' in attempt) return attempt.server;
    if (!IN_THE_WAY.test(attempt.log) || spentMs > START_LIMIT_MS) {
      const last = attempt.log.split('\n').slice(-5).join(' | ');
      const message = `The database server did not start (log ${cluster.log}): ${last}`;
      throw new StoreError('EMBEDDED_UNAVAILABLE', message);
    }
    await deps.clock.sleep(RETRY_EVERY_MS);
  }
}
