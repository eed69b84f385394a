/** As whom the server runs: PostgreSQL refuses to run as root, so root needs another user for it. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { StoreError } from '../connect/store-error.ts';

const run = promisify(execFile);
const COMMAND_TIMEOUT_MS = 10_000;

/** A user of the system other than the one this process runs as. */
export interface OtherUser {
  readonly uid: number;
  readonly gid: number;
}

async function findUser(name: string): Promise<OtherUser | null> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => {
        const { stdout } = await run('id', [flag, name], { timeout: COMMAND_TIMEOUT_MS });
        return Number.parseInt(stdout, 10);
      }),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
  }
}

async function createUser(name: string): Promise<void> {
  const flags = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  const shell = ['--shell', '/usr/sbin/nologin'];
  // when it fails, another process was first or the system has no such command: the next look tells
  await run('useradd', [...flags, ...shell, name], { timeout: COMMAND_TIMEOUT_MS }).catch(
    () => undefined,
  );
}

/**
 * The user to run the server as, or null to run it as ourselves. Root takes the owner of an existing cluster,
 * else the user `postgres`, made when missing, else `nobody`.
 * @throws StoreError `EMBEDDED_UNAVAILABLE` when root finds no such user.
 */
export async function chooseUser(clusterFolder: string): Promise<OtherUser | null> {
  if (process.getuid?.() !== 0) return null;
  const cluster = await stat(clusterFolder).catch(() => null);
  if (cluster !== null && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid };
  const present = await findUser('postgres');
  if (present !== null) return present;
  await createUser('postgres');
  const user = (await findUser('postgres')) ?? (await findUser('nobody'));
  if (user === null || user.uid === 0) {
    throw new StoreError(
      'EMBEDDED_UNAVAILABLE',
      'PostgreSQL does not run as root and there is no user "postgres"; create one or start as another user.',
    );
  }
  return user;
}
