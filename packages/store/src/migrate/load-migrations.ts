/** The migrations of this release: `src/migrations/NNNN_what-it-does.sql`, read in the order of their numbers. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, line ends normalised, in hexadecimal. */
  readonly checksum: string;
}

/** The compiler does not copy `.sql`, so both `src/migrate` and `dist/migrate` read the folder in `src`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../src/migrations/', import.meta.url));

const FILE_NAME = /^(\d{4})_([a-z0-9-]+)\.sql$/;

/** Reads the migrations of a folder. @throws Error for a file named otherwise or a gap in the numbers. */
export async function loadMigrations(folder: string): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const match = FILE_NAME.exec(file);
      if (match === null || Number(match[1]) !== index + 1) {
        throw new Error(`Migration ${file} should be number ${index + 1}, as NNNN_some-name.sql`);
      }
      const sql = (await readFile(`${folder}/${file}`, 'utf8')).replaceAll('\r\n', '\n');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { version: index + 1, name: match[2] ?? '', sql, checksum };
    }),
  );
}
