import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from './migrate.ts';

let postgres: TestPostgres;
let folder: string;

beforeEach(async () => {
  postgres = await startTestPostgres({ empty: true });
  folder = await mkdtemp(join(tmpdir(), 'followme-migrations-'));
  await put(
    '0001_one.sql',
    'CREATE TABLE followme.one (id int); INSERT INTO followme.one VALUES (1);',
  );
  await put('0002_two.sql', 'CREATE TABLE followme.two (id int);');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await postgres.stop();
});

function put(file: string, text: string): Promise<void> {
  return writeFile(join(folder, file), text);
}

async function ask(text: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: postgres.adminUrl });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('migrating', () => {
  test('applies everything once, and nothing the second time', async () => {
    expect(await migrate(postgres.url, folder)).toEqual({
      applied: [
        { version: 1, name: 'one' },
        { version: 2, name: 'two' },
      ],
      version: 2,
    });
    expect(await migrate(postgres.url, folder)).toEqual({ applied: [], version: 2 });
    expect(await ask('SELECT id FROM followme.one')).toEqual([{ id: 1 }]);
  });

  test('applies a later release to what an earlier one left', async () => {
    await migrate(postgres.url, folder);
    await put('0003_three.sql', 'ALTER TABLE followme.one ADD name text;');
    expect((await migrate(postgres.url, folder)).applied).toEqual([{ version: 3, name: 'three' }]);
  });

  test('happens once when several processes start together', async () => {
    const reports = await Promise.all([1, 2, 3, 4].map(() => migrate(postgres.url, folder)));
    expect(reports.flatMap(({ applied }) => applied)).toHaveLength(2);
    expect(await ask('SELECT id FROM followme.one')).toEqual([{ id: 1 }]);
  });

  test('keeps what came before a migration that fails, and nothing of that one', async () => {
    await put('0003_three.sql', 'CREATE TABLE followme.three (id int); SELECT 1/0;');
    await expect(migrate(postgres.url, folder)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: 'Migration 3 ("three") failed: division by zero',
    });
    expect(await ask("SELECT to_regclass('followme.three') AS three")).toEqual([{ three: null }]);
    await put('0003_three.sql', 'CREATE TABLE followme.three (id int);');
    expect((await migrate(postgres.url, folder)).applied).toEqual([{ version: 3, name: 'three' }]);
  });

  test('is refused on a database that a newer release has migrated', async () => {
    await migrate(postgres.url, folder);
    await rm(join(folder, '0002_two.sql'));
    await expect(migrate(postgres.url, folder)).rejects.toMatchObject({
      code: 'MIGRATED_BY_NEWER_RELEASE',
    });
  });

  test('is refused when an applied migration was edited', async () => {
    await migrate(postgres.url, folder);
    await put('0001_one.sql', 'CREATE TABLE followme.one (id bigint);');
    await expect(migrate(postgres.url, folder)).rejects.toMatchObject({
      code: 'MIGRATION_CHANGED',
    });
  });

  test('is refused to a superuser', async () => {
    await expect(migrate(postgres.adminUrl, folder)).rejects.toMatchObject({ code: 'UNFIT_LOGIN' });
  });

  test('works with the real migrations', async () => {
    const { applied, version } = await migrate(postgres.url);
    expect(applied).toHaveLength(version);
  });
});
