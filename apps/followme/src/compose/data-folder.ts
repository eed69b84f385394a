/** What lies where in the data folder, and the files that only the owner may read. */
import { access, chmod, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Mode of files that hold a secret. */
const SECRET_MODE = 0o600;

/** Folder of the embedded log. */
export const logFolder = (dataFolder: string): string => path.join(dataFolder, 'log');
/** Folder of the street maps, unless another is named. */
export const mapsFolderOf = (dataFolder: string): string => path.join(dataFolder, 'maps');
/** The first login, shown at each start. */
export const loginFile = (dataFolder: string): string => path.join(dataFolder, 'login.json');

/**
 * Makes the data folder when it is not there; only its owner may look inside.
 * @throws Error with one sentence when it cannot be made or written to.
 */
export async function ensureDataFolder(dataFolder: string): Promise<void> {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    await access(dataFolder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = reasonOf(cause);
    throw new Error(
      `The data folder ${dataFolder} cannot be used: ${why}. Choose another with --data.`,
      {
        cause,
      },
    );
  }
}

/**
 * Makes the folder of the street maps when it is not there.
 * @throws Error with one sentence when it can neither be made nor read.
 */
export async function ensureMapsFolder(mapsFolder: string): Promise<void> {
  try {
    await mkdir(mapsFolder, { recursive: true });
    await access(mapsFolder, constants.R_OK | constants.X_OK);
  } catch (cause) {
    const why = reasonOf(cause);
    throw new Error(
      `The folder of maps ${mapsFolder} cannot be used: ${why}. Choose another with --maps.`,
      { cause },
    );
  }
}

/** Whether the system has kept a database in this folder. */
export async function hasDatabase(dataFolder: string): Promise<boolean> {
  return access(path.join(dataFolder, 'postgres')).then(
    () => true,
    () => false,
  );
}

/** What the operating system means. */
const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

const reasonOf = (cause: unknown): string =>
  WHY[codeOf(cause) ?? ''] ?? (cause instanceof Error ? cause.message : String(cause));

/** Writes a file that only its owner may read. */
export async function writeSecret(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: SECRET_MODE });
  await chmod(file, SECRET_MODE);
}

/** The file's text, or null when it is not there. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
