/** A PostgreSQL reached by its address: what is refused, in which words, and how it is encrypted. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../migrate/migrate.ts';
import type { Store } from '../port.ts';
import { openStore } from './open-store.ts';
import { makeCertificate, type TestCertificate } from './testing-certificate.ts';
import { startTlsFront, type TlsFront } from './testing-tls.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const endings: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function open(url: string): Promise<Store> {
  const store = await openStore({
    url,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
    poolSize: 2,
  });
  endings.push(() => store.close());
  return store;
}

function urlWith(change: (url: URL) => void): string {
  const url = new URL(postgres.url);
  change(url);
  return url.href;
}

/** Both ways in say the same: whichever a process takes first. */
async function expectRefused(url: string, expected: { code: string; message: unknown }) {
  const shape = { name: 'StoreError', code: expected.code, message: expected.message };
  await expect(open(url)).rejects.toMatchObject(shape);
  await expect(migrate(url)).rejects.toMatchObject(shape);
}

async function listenAs(behaviour: (server: Server) => void): Promise<number> {
  const server = createServer();
  behaviour(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  endings.push(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  return address.port;
}

describe('a database that cannot be used is refused in one sentence', () => {
  test('with a wrong password', async () => {
    const { host: server, username: login } = new URL(postgres.url);
    await expectRefused(
      urlWith((url) => (url.password = 'wrong')),
      {
        code: 'LOGIN_REFUSED',
        message: `The database server ${server} does not let the login "${login}" in: password authentication failed for user "${login}".`,
      },
    );
  });

  test('without a password', async () => {
    const { host: server, username: login } = new URL(postgres.url);
    await expectRefused(
      urlWith((url) => (url.password = '')),
      {
        code: 'LOGIN_REFUSED',
        message: `The database server ${server} asks the login "${login}" for a password, and the address has none.`,
      },
    );
  });

  test('with a name nobody knows', async () => {
    await expectRefused(
      urlWith((url) => (url.hostname = 'nowhere.invalid')),
      {
        code: 'UNREACHABLE',
        message: expect.stringMatching(
          /^The database server nowhere\.invalid:\d+ cannot be reached: its name (is not known|cannot be looked up)\.$/,
        ),
      },
    );
  });

  test('when nothing listens there', async () => {
    const port = await listenAs(() => undefined);
    await endings.pop()?.();
    await expectRefused(
      urlWith((url) => (url.port = String(port))),
      {
        code: 'UNREACHABLE',
        message: `The database server 127.0.0.1:${port} cannot be reached: nothing listens there.`,
      },
    );
  });

  test('when who listens there is no PostgreSQL', async () => {
    const port = await listenAs((server) => {
      server.on('connection', (socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      });
    });
    await expectRefused(
      urlWith((url) => (url.port = String(port))),
      {
        code: 'UNREACHABLE',
        message: `The database server 127.0.0.1:${port} cannot be reached: it ended the connection.`,
      },
    );
  });

  test('without the database', async () => {
    const { host: server } = new URL(postgres.url);
    await expectRefused(
      urlWith((url) => (url.pathname = '/elsewhere')),
      { code: 'NO_DATABASE', message: `The server ${server} has no database "elsewhere".` },
    );
  });

  test('when all its connections are taken', async () => {
    const { host: server } = new URL(postgres.url);
    const admin = new Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    endings.push(
      () => admin.end(),
      () => admin.query('DROP ROLE followme_crowd'),
    );
    await admin.query(`CREATE ROLE followme_crowd LOGIN PASSWORD 'crowd' CONNECTION LIMIT 0`);
    await expectRefused(
      urlWith((url) => {
        url.username = 'followme_crowd';
        url.password = 'crowd';
      }),
      {
        code: 'TOO_MANY_CONNECTIONS',
        message: `All connections of the database server ${server} are taken: raise its max_connections or run fewer processes.`,
      },
    );
  });

  test('whose server offers no encryption, when the address asks for it', async () => {
    const { host: server } = new URL(postgres.url);
    await expectRefused(`${postgres.url}?sslmode=require`, {
      code: 'TLS_FAILED',
      message: `The database server ${server} offers no encryption, which sslmode asks for: turn its ssl on.`,
    });
  });
});

describe('an encrypted connection', () => {
  let certificate: TestCertificate;
  let folder: string;
  let rootFile: string;
  let front: TlsFront;
  beforeAll(async () => {
    certificate = makeCertificate('localhost');
    folder = await mkdtemp(join(tmpdir(), 'followme-tls-'));
    rootFile = join(folder, 'root.pem');
    await writeFile(rootFile, certificate.cert);
    front = await startTlsFront(new URL(postgres.url), certificate);
  });
  afterAll(async () => {
    await front.close();
    await rm(folder, { recursive: true, force: true });
  });

  const through = (host: string, parameters: string): string =>
    urlWith((url) => {
      url.hostname = host;
      url.port = String(front.port);
      url.search = parameters;
    });

  test.each([
    ['require, whoever answers', 'localhost', ''],
    ['require, vouched for', '127.0.0.1', 'root'],
    ['verify-ca, under another name', '127.0.0.1', 'root'],
    ['verify-full, under its name', 'localhost', 'root'],
  ])('is made with sslmode=%s', async (mode, host, root) => {
    const before = front.encrypted();
    const [sslmode = ''] = mode.split(',');
    const rootParameter = root === '' ? '' : `&sslrootcert=${rootFile}`;
    const url = through(host, `?sslmode=${sslmode}${rootParameter}`);
    const store = await open(url);
    await store.check(5_000);
    await migrate(url);
    expect(front.encrypted()).toBeGreaterThan(before + 1);
  });

  test('is refused with verify-full when nobody vouches for the server, or for another host', async () => {
    const unknown = through('localhost', '?sslmode=verify-full');
    await expectRefused(unknown, {
      code: 'TLS_FAILED',
      message: `The certificate of the database server localhost:${front.port} is not accepted (self-signed certificate): name who vouches for it with sslrootcert=FILE, or correct the host of the address.`,
    });
    const elsewhere = through('127.0.0.1', `?sslmode=verify-full&sslrootcert=${rootFile}`);
    await expect(open(elsewhere)).rejects.toMatchObject({
      code: 'TLS_FAILED',
      message: expect.stringContaining('127.0.0.1'),
    });
  });

  test('is not made without sslmode, and a server that insists ends it', async () => {
    await expectRefused(through('localhost', ''), {
      code: 'UNREACHABLE',
      message: `The database server localhost:${front.port} cannot be reached: it ended the connection.`,
    });
  });
});
