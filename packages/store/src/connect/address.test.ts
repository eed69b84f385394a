import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseStoreAddress } from './address.ts';

const BASE = 'postgres://me:s%40cret@db.example:6432/tracking';

let folder: string;
let rootFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'followme-address-'));
  rootFile = join(folder, 'root.pem');
  await writeFile(rootFile, 'PEM');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the address of a database', () => {
  test('is taken apart for people without its password', () => {
    const { server, login, database } = parseStoreAddress(BASE);
    expect({ server, login, database }).toEqual({
      server: 'db.example:6432',
      login: 'me',
      database: 'tracking',
    });
  });

  test('needs neither port nor database: 5432, and the one of the login’s name', () => {
    const { server, database } = parseStoreAddress('postgresql://me:x@db.example');
    expect([server, database]).toEqual(['db.example:5432', 'me']);
  });

  test('without sslmode is not encrypted, whatever the environment says', () => {
    expect(parseStoreAddress(BASE).client.ssl).toBe(false);
    expect(parseStoreAddress(`${BASE}?sslmode=disable`).client.ssl).toBe(false);
  });

  test('with sslmode=require believes whoever answers, with a root file only whom that vouches for', () => {
    expect(parseStoreAddress(`${BASE}?sslmode=require`).client.ssl).toMatchObject({
      rejectUnauthorized: false,
    });
    const vouched = parseStoreAddress(`${BASE}?sslmode=require&sslrootcert=${rootFile}`).client.ssl;
    expect(vouched).toMatchObject({ rejectUnauthorized: true, ca: 'PEM' });
    expect(vouched).toHaveProperty('checkServerIdentity');
  });

  test('with sslmode=verify-full has the certificate checked against the host too', () => {
    const { ssl } = parseStoreAddress(`${BASE}?sslmode=verify-full`).client;
    expect(ssl).toEqual({ rejectUnauthorized: true });
    const own = parseStoreAddress(
      `${BASE}?sslmode=verify-full&sslrootcert=system&sslcert=${rootFile}&sslkey=${rootFile}`,
    ).client;
    expect(own.ssl).toEqual({ rejectUnauthorized: true, cert: 'PEM', key: 'PEM' });
  });

  test('hands the driver nothing of TLS that it would read otherwise, and all else', () => {
    const { client } = parseStoreAddress(`${BASE}?sslmode=require&options=-c%20x.y%3D1`);
    expect(client.connectionString).toBe(`${BASE}?options=-c+x.y%3D1`);
  });

  test.each([
    ['mysql://me:x@db/d', 'Expected postgres://'],
    ['nonsense', 'Expected postgres://'],
    ['postgres://db.example/tracking', 'The login is missing'],
    ['postgres://me:x@a.example,b.example/d', 'It names several hosts'],
    ['postgres://me:x@a.example:5432,b.example:5432/d', 'It names several hosts'],
    [`${BASE}?target_session_attrs=read-write`, 'It names one server'],
    [`${BASE}?sslmode=prefer`, 'Got sslmode=prefer, expected one of disable, require'],
    [`${BASE}?ssl=true`, 'Write sslmode=require or verify-full'],
    [`${BASE}?sslmode=verify-ca`, 'sslmode=verify-ca needs sslrootcert=FILE'],
    [`${BASE}?sslrootcert=/root.pem`, 'It names sslrootcert but no sslmode'],
    [
      `${BASE}?sslmode=verify-full&sslrootcert=/nowhere.pem`,
      'The file /nowhere.pem of sslrootcert',
    ],
    [`${BASE}?sslmode=verify-full&sslcert=/c.pem`, 'sslcert and sslkey go together'],
  ])('that cannot be used is refused in one sentence: %s', (text, sentence) => {
    let refused: unknown;
    try {
      parseStoreAddress(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({
      code: 'BAD_ADDRESS',
      message: expect.stringContaining(sentence),
    });
    expect(String(refused)).not.toContain('cret');
  });
});
