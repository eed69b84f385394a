/** What lies where in the data folder, and the files that only the owner may read. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Mode of files that hold a secret. */
const SECRET_MODE = 0o600;

/** Folder of the embedded log. */
export const logFolder = (dataFolder: string): string => path.join(dataFolder, 'log');
/** The first login, shown at each start. */
export const loginFile = (dataFolder: string): string => path.join(dataFolder, 'login.json');

/** Makes the data folder when it is not there; only its owner may look inside. */
export async function ensureDataFolder(dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
}

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
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
