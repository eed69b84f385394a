/**
 * A real PostgreSQL of our own in the data folder, so that nothing has to be installed. The caller holds the
 * lock of the folder (`lockDataFolder`); this never looks whether somebody else does.
 *
 *   <data>/postgres/password   of both logins, 0600
 *   <data>/postgres/cluster/   PostgreSQL's own files
 *   <data>/postgres/server.log
 *
 * The server outlives a killed owner on purpose: the next owner adopts it when it is the same server we would
 * start, else stops it. While we run, a server that dies is started again on the same port.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withDeadline, type Clock, type Logger, type Running } from '@followme/platform';
import { copyFolders, findPackage, prepareBinaries } from './binaries.ts';
import { clusterName, lookAtServer, readPidFile, type Cluster } from './cluster.ts';
import {
  DATABASE,
  ensureLogin,
  initialiseCluster,
  LOGIN,
  readPassword,
  tryLogin,
} from './initialise.ts';
import {
  commandArguments,
  RECOVERY_LIMIT_MS,
  startServer,
  stopServer,
  type LaunchDeps,
  type LiveServer,
} from './launch.ts';
import { chooseUser } from './run-as.ts';

export interface EmbeddedServerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dataFolder: string;
  /** False gives up fsync: for tests of other things only. True unless told. */
  readonly durable?: boolean;
}

/** How a running embedded server is reached. */
export interface EmbeddedAddress {
  /** For `migrate` and `openStore`: the store's own login, no superuser. Holds the password: never log it. */
  readonly url: string;
  /** The superuser, for `testkit` and repairs by hand. Never log it. */
  readonly adminUrl: string;
  readonly port: number;
}

/** A running embedded server that we keep running. */
export interface EmbeddedServer extends Running, EmbeddedAddress {
  /** The server process at present; another one after it died and was started again. */
  pid(): number;
  /** Whether it was found running. */
  readonly adopted: boolean;
  /** Ends sessions, writes a checkpoint, stops the server. */
  stop(): Promise<void>;
}

/** How long a server found running may take to answer before it is stopped. */
const ADOPT_LIMIT_MS = 3000;
/** How long one try to log in may take. */
const LOGIN_LIMIT_MS = 2000;
const LOOK_EVERY_MS = 100;
const WATCH_EVERY_MS = 500;

async function openCluster(options: EmbeddedServerOptions): Promise<Cluster> {
  const folder = join(resolve(options.dataFolder), 'postgres');
  const data = join(folder, 'cluster');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const user = await chooseUser(data);
  const copies = copyFolders(user, join(folder, 'programs'));
  const binaries = await prepareBinaries(await findPackage(), user, copies);
  const durable = options.durable ?? true;
  return { folder, data, log: join(folder, 'server.log'), user, binaries, durable };
}

/** Whether a server found running lets us in. One that recovers from a crash gets the time it needs. */
async function answers(
  { clock }: LaunchDeps,
  cluster: Cluster,
  address: { port: number; password: string },
): Promise<boolean> {
  const beganMs = clock.monotonicMs();
  for (;;) {
    try {
      // the server proves that it knows the password too (SCRAM), so it is ours and no stranger on the port
      await withDeadline(clock, LOGIN_LIMIT_MS, 'the login', tryLogin(address));
      return true;
    } catch {
      const status = (await readPidFile(cluster.data))?.status;
      const limitMs = status === 'starting' ? RECOVERY_LIMIT_MS : ADOPT_LIMIT_MS;
      if (status === undefined || clock.monotonicMs() - beganMs > limitMs) return false;
      await clock.sleep(LOOK_EVERY_MS);
    }
  }
}

/** The server a killed owner left behind, when it runs as we would run it; else it is stopped. */
async function adopt(
  deps: LaunchDeps,
  cluster: Cluster,
  password: string,
): Promise<LiveServer | null> {
  const file = await readPidFile(cluster.data);
  if (file === null) return null;
  const running = await lookAtServer(await clusterName(cluster.data), file.pid);
  if (running === null) return null;
  const { pid, port } = file;
  const expected = [cluster.binaries.postgres, ...(await commandArguments(cluster, port))].join(
    ' ',
  );
  const same = running.command === expected;
  const worthAsking = same && file.status !== 'stopping';
  if (worthAsking && (await answers(deps, cluster, { port, password }))) {
    deps.logger.info('postgres.adopted', { pid, port });
    return { pid, port };
  }
  deps.logger.warn('postgres.stoppingLeftover', { pid, sameRelease: same, status: file.status });
  await stopServer(deps, cluster, pid, worthAsking ? 'unresponsive' : 'responsive');
  return null;
}

/** Keeps one server running on one port. */
function supervise(
  deps: LaunchDeps,
  cluster: Cluster,
  first: LiveServer,
): { pid(): number; stop(): Promise<void> } {
  let { pid } = first;
  let stopping = false;
  let restarting: Promise<void> | null = null;

  async function look(): Promise<void> {
    const name = await clusterName(cluster.data);
    if ((await lookAtServer(name, pid)) !== null || stopping) return;
    deps.logger.error('postgres.died', { pid });
    const again = await startServer(deps, cluster, first.port);
    pid = again.pid;
    deps.logger.warn('postgres.restarted', { pid });
  }

  const stopWatching = deps.clock.every(WATCH_EVERY_MS, () => {
    restarting ??= look()
      .catch((error: unknown) => deps.logger.error('postgres.restartFailed', { error }))
      .finally(() => (restarting = null));
  });
  return {
    pid: () => pid,
    async stop() {
      stopping = true;
      stopWatching();
      await restarting;
      await stopServer(deps, cluster, pid, 'responsive');
      deps.logger.info('postgres.stopped', { pid });
    },
  };
}

/**
 * Starts the embedded server, or adopts the one a killed owner left running.
 * @throws StoreError `EMBEDDED_UNAVAILABLE` with one sentence about why it cannot run here.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const deps: LaunchDeps = { clock: options.clock, logger: options.logger };
  const cluster = await openCluster(options);
  const password = await readPassword(cluster.folder);
  await initialiseCluster(cluster, deps, password);
  const adopted = await adopt(deps, cluster, password);
  const server = adopted ?? (await startServer(deps, cluster));
  const { port } = server;
  const supervisor = supervise(deps, cluster, server);
  try {
    await ensureLogin({ port, password });
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  if (adopted === null) deps.logger.info('postgres.started', { pid: server.pid, port });
  return {
    ...addressOf(port, password),
    adopted: adopted !== null,
    pid: () => supervisor.pid(),
    stop: () => supervisor.stop(),
  };
}

/**
 * The server that another process keeps running on this folder, for a look beside it: never started, stopped
 * or watched from here. Null when none runs.
 */
export async function findEmbeddedServer(dataFolder: string): Promise<EmbeddedAddress | null> {
  const folder = join(resolve(dataFolder), 'postgres');
  const data = join(folder, 'cluster');
  const file = await readPidFile(data);
  if (file === null || (await lookAtServer(await clusterName(data), file.pid)) === null)
    return null;
  return addressOf(file.port, await readPassword(folder));
}

function addressOf(port: number, password: string): EmbeddedAddress {
  return {
    url: `postgres://${LOGIN}:${password}@127.0.0.1:${port}/${DATABASE}`,
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
  };
}
