import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadMigrations, MIGRATIONS_FOLDER, type Migration } from './load-migrations.ts';
import { pendingMigrations } from './migrate.ts';

const migration = (version: number): Migration => ({
  version,
  name: `step-${version}`,
  sql: '',
  checksum: `c${version}`,
});
const OURS = [1, 2, 3].map(migration);

describe('what is still to apply', () => {
  test('is everything on an empty database and nothing on a current one', () => {
    expect(pendingMigrations(OURS, [])).toEqual(OURS);
    expect(pendingMigrations(OURS, OURS)).toEqual([]);
  });

  test('is what follows the applied ones', () => {
    expect(pendingMigrations(OURS, OURS.slice(0, 1))).toEqual(OURS.slice(1));
  });

  test('is refused on a database of a newer release', () => {
    expect(() => pendingMigrations(OURS, [...OURS, migration(4)])).toThrow(
      'The database is at version 4 ("step-4"), made by a newer release',
    );
  });

  test('is refused when an applied migration was edited, or one is missing in between', () => {
    const edited = OURS.map((one) => (one.version === 2 ? { ...one, checksum: 'other' } : one));
    expect(() => pendingMigrations(OURS, edited)).toThrow('Migration 2 ("step-2") was applied');
    expect(() => pendingMigrations(OURS, OURS.slice(1))).toThrow('Migration 2');
  });
});

describe('the migrations of a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'followme-migrations-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('come in the order of their numbers, with a checksum that line ends do not change', async () => {
    await writeFile(join(folder, '0002_b.sql'), 'B;\r\n');
    await writeFile(join(folder, '0001_a-first.sql'), 'A;\n');
    const [a, b] = await loadMigrations(folder);
    expect([a?.name, b?.name]).toEqual(['a-first', 'b']);
    await writeFile(join(folder, '0002_b.sql'), 'B;\n');
    expect((await loadMigrations(folder))[1]?.checksum).toBe(b?.checksum);
  });

  test.each(['0003_gap.sql', '1_short.sql', '0002_Bad_Name.sql'])(
    'must not have %s next',
    async (file) => {
      await writeFile(join(folder, '0001_a.sql'), '');
      await writeFile(join(folder, file), '');
      await expect(loadMigrations(folder)).rejects.toThrow('should be number');
    },
  );
});

test('this release has migrations', async () => {
  expect((await loadMigrations(MIGRATIONS_FOLDER)).length).toBeGreaterThan(0);
});
