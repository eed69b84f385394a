/** Which nats-server programs there are to test with. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names further nats-server programs (paths, separated like PATH) that tests of several versions run on. */
export const NATS_SERVERS_VARIABLE = 'FOLLOWME_NATS_SERVERS';

/** Why a test is skipped without a server; for titles and for what a run prints. */
export const NATS_MISSING = 'nats-server is not installed';

/** Debian installs servers where the PATH of an ordinary user does not look. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of the nats-server of this machine, null when there is none: tests are then skipped by name. */
export function natsProgram(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS];
  const paths = folders.filter((folder) => folder !== '').map((f) => join(f, 'nats-server'));
  return paths.find(isExecutable) ?? null;
}

/** A server program and what it is. */
export interface NatsProgram {
  readonly path: string;
  /** Like `2.9.10`. */
  readonly version: string;
}

/**
 * What `program --version` says, like `2.9.10`.
 * @throws Error when it does not run or is no nats-server.
 */
export function natsVersion(program: string): string {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const version = /v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (version === undefined) throw new Error(`${program} does not name its version: ${said}`);
  return version;
}

/** Every server to test with: the machine's own first, then those of `FOLLOWME_NATS_SERVERS`. */
export function natsPrograms(): readonly NatsProgram[] {
  const own = natsProgram();
  const more = (process.env[NATS_SERVERS_VARIABLE] ?? '').split(delimiter);
  const paths = new Set([...(own === null ? [] : [own]), ...more.filter((path) => path !== '')]);
  return [...paths].map((path) => ({ path, version: natsVersion(path) }));
}

/** Whether version `a` (like `2.9.10`) is `b` or newer. */
export function isAtLeast(a: string, b: string): boolean {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (x?.[part] ?? 0) - (y?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
