/**
 * The cluster folder as found on the disk: where it is, as whom and from where it is worked on, and what its
 * `postmaster.pid` says.
 */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listProcesses, lookAtProcess, type ProcessIdentity } from '../lock/processes.ts';
import type { Binaries } from './binaries.ts';
import type { OtherUser } from './run-as.ts';

/** Everything about where and how the server of one data folder runs. */
export interface Cluster {
  /** `<data>/postgres`: password, log and the cluster. */
  readonly folder: string;
  /** `<data>/postgres/cluster`: PostgreSQL's own folder. */
  readonly data: string;
  readonly log: string;
  readonly user: OtherUser | null;
  readonly binaries: Binaries;
  readonly durable: boolean;
}

/**
 * How programs name the folder they are started in. The user root lends the server may not walk down to it
 * (a checkout below /root), but a process may always use the folder it stands in: Node enters it before it
 * changes the user, and `/proc/self/cwd` then leads there without a walk.
 */
export function hereAs(cluster: Pick<Cluster, 'user'>, folder: string): string {
  return cluster.user !== null && process.platform === 'linux' ? '/proc/self/cwd' : folder;
}

/** The first lines of `postmaster.pid`. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** Reads `postmaster.pid`; null when there is none or it is being written. */
export async function readPidFile(data: string): Promise<PidFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid < 1 || !Number.isInteger(port) || port < 1) return null;
  return { pid, port, status: lines[7] ?? '' };
}

/**
 * The name by which processes of this cluster are known among all others: made of the folder's own identity,
 * so that a copied or restored folder is another cluster and a renamed one is the same.
 */
export async function clusterName(data: string): Promise<string> {
  const { dev, ino } = await lstat(data);
  return `followme-${dev.toString(36)}-${ino.toString(36)}`;
}

/** The server process of this cluster with this id, or null when it ended or the id is somebody else's. */
export async function lookAtServer(name: string, pid: number): Promise<ProcessIdentity | null> {
  const found = await lookAtProcess(pid);
  return found !== null && found.command.includes(` cluster_name=${name}`) ? found : null;
}

/** Processes of this cluster whose server has died: they hold its shared memory until they have gone. */
export async function listOrphans(name: string): Promise<readonly ProcessIdentity[]> {
  const all = await listProcesses();
  return all.filter(({ command }) => command.startsWith(`postgres: ${name}: `));
}
