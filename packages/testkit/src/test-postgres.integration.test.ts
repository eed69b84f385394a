import { Client } from 'pg';
import { expect, test } from 'vitest';
import { startTestPostgres } from './test-postgres.ts';

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'the forgotten one' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

test('two databases of one run share nothing but the form of their tables', async () => {
  const [a, b] = await Promise.all([startTestPostgres(), startTestPostgres()]);
  const [one, other] = await Promise.all([connected(a.adminUrl), connected(b.adminUrl)]);
  await one.query('CREATE TABLE mine (id int)');
  await expect(other.query('SELECT * FROM mine')).rejects.toThrow('does not exist');
  const versions = await other.query('SELECT version FROM followme.schema_migration');
  expect(versions.rows.length).toBeGreaterThan(0);
  await Promise.all([one.end(), other.end()]);
  await Promise.all([a.stop(), b.stop()]);
});

test('an empty database has no tables', async () => {
  const postgres = await startTestPostgres({ empty: true });
  const client = await connected(postgres.url);
  const { rows } = await client.query("SELECT 1 FROM pg_tables WHERE schemaname = 'followme'");
  expect(rows).toEqual([]);
  await client.end();
  await postgres.stop();
});

test('stopping names a connection that was left open', async () => {
  const postgres = await startTestPostgres();
  const client = await connected(postgres.url);
  await client.query("SELECT 'the last thing it asked'");
  await expect(postgres.stop()).rejects.toThrow(
    /1 connections were left open: the forgotten one .*the last thing it asked/,
  );
});
