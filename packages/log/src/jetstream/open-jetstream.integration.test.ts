/** What the engine refuses to open, and what it says then. */
import { createServer, type Server } from 'node:net';
import {
  isAtLeast,
  NATS_MISSING,
  natsProgram,
  natsPrograms,
  startNats,
  type StartNatsOptions,
  type TestNats,
} from '@followme/testkit';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, test } from 'vitest';
import type { Log } from '../port.ts';
import { inspectJetStream } from './inspect.ts';
import { createJetStreamLog } from './open-jetstream.ts';
import { testOptions } from './test-log.ts';

const missing = natsProgram() === null;

describe.skipIf(missing)(
  `opening a log on JetStream${missing ? ` (skipped: ${NATS_MISSING})` : ''}`,
  () => {
    const ends: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0).toReversed()) await end();
    });

    async function start(options: StartNatsOptions = {}): Promise<TestNats> {
      const nats = await startNats(options);
      ends.push(() => nats.stop());
      return nats;
    }

    async function open(url: string, lanes = { positions: 4, events: 2 }): Promise<Log> {
      const log = await createJetStreamLog({ ...testOptions(url), lanes });
      ends.push(() => log.close());
      return log;
    }

    async function manage(
      nats: TestNats,
      work: (manager: JetStreamManager) => Promise<unknown>,
    ): Promise<void> {
      const connection = await connect({ servers: `${nats.host}:${nats.port}` });
      await work(await jetstreamManager(connection));
      await connection.close();
    }

    test('an address that cannot be read is told', async () => {
      await expect(open('redis://bus')).rejects.toMatchObject({
        name: 'LogOpenError',
        code: 'UNREACHABLE',
        message:
          'The address of the log must look like nats://user:password@host:4222,host2:4222/name.',
      });
    });

    test('where nobody listens it is UNREACHABLE', async () => {
      const nats = await start();
      await nats.kill();
      await expect(open(nats.url)).rejects.toMatchObject({
        code: 'UNREACHABLE',
        message: `Cannot reach the NATS server ${nats.host}:${nats.port} (connection refused): check ${nats.url}/followme and that it runs.`,
      });
    });

    test('the next server is taken when the first cannot be reached', async () => {
      const [gone, nats] = await Promise.all([start(), start()]);
      await gone.kill();
      const log = await open(`nats://${gone.host}:${gone.port},${nats.host}:${nats.port}`);
      expect(log.silentForMs()).toBe(0);
    });

    test('where something else answers it is UNREACHABLE', async () => {
      const server: Server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('220 mail.example ESMTP\r\n');
      });
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      ends.push(() => new Promise((resolve) => server.close(resolve)));
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      await expect(open(`nats://127.0.0.1:${port}`)).rejects.toMatchObject({
        code: 'UNREACHABLE',
        message: `Nothing that speaks NATS answers at 127.0.0.1:${port}: check the address of the log.`,
      });
    });

    test('a wrong or missing login is NOT_ALLOWED, and no password is told', async () => {
      const nats = await start({ login: { user: 'ann', password: 'right' } });
      const at = `${nats.host}:${nats.port}`;
      const refusal = {
        code: 'NOT_ALLOWED',
        message: `The login for the NATS server ${at} is wrong or missing: check it in the address of the log.`,
      };
      await expect(open(`nats://ann:wrong@${at}`)).rejects.toMatchObject(refusal);
      await expect(open(nats.url)).rejects.toMatchObject(refusal);
      expect((await open(`nats://ann:right@${at}`)).silentForMs()).toBe(0);
    });

    test('a token lets in', async () => {
      const nats = await start({ token: 's3cret' });
      expect((await open(`nats://s3cret@${nats.host}:${nats.port}`)).silentForMs()).toBe(0);
    });

    test('a credentials file that is not there is NOT_ALLOWED', async () => {
      await expect(open('nats://127.0.0.1:1?creds=/nowhere/x.creds')).rejects.toMatchObject({
        code: 'NOT_ALLOWED',
        message: 'The credentials file /nowhere/x.creds of the log cannot be read.',
      });
    });

    test('a server without JetStream is ENGINE_UNFIT', async () => {
      const nats = await start({ jetstream: false });
      await expect(open(nats.url)).rejects.toMatchObject({
        code: 'ENGINE_UNFIT',
        message: `The server at ${nats.url}/followme runs without JetStream: start it with a "jetstream { store_dir: … }" block.`,
      });
    });

    test('a login whose account has no JetStream is ENGINE_UNFIT', async () => {
      const accounts = `accounts {
        WITH { jetstream: enabled, users: [{ user: with, password: x }] }
        WITHOUT { users: [{ user: without, password: x }] }
      }`;
      const nats = await start({ moreConfig: accounts });
      await expect(open(`nats://without:x@${nats.host}:${nats.port}`)).rejects.toMatchObject({
        code: 'ENGINE_UNFIT',
        message: `JetStream is not enabled for this login at nats://${nats.host}:${nats.port}/followme: enable it for the account.`,
      });
    });

    test('a server that takes only small messages is ENGINE_UNFIT', async () => {
      const nats = await start({ moreConfig: 'max_payload: 65536' });
      await expect(open(nats.url)).rejects.toMatchObject({
        code: 'ENGINE_UNFIT',
        message: `The server at ${nats.url}/followme takes messages of 65536 bytes: set its max_payload to 1MB or more.`,
      });
    });

    test('a bound that the server has no room for is ENGINE_UNFIT', async () => {
      const nats = await start({ maxFileBytes: 10_000_000 });
      await expect(open(`${nats.url}/x?max-bytes=50000000`)).rejects.toMatchObject({
        code: 'ENGINE_UNFIT',
        message: expect.stringMatching(/has no room for the log .*: raise its limits\.$/),
      });
    });

    test('three replicas on a single server are ENGINE_UNFIT', async () => {
      const nats = await start();
      await expect(open(`${nats.url}/x?replicas=3`)).rejects.toMatchObject({
        code: 'ENGINE_UNFIT',
        message: expect.stringMatching(/cannot hold that many replicas .* or set replicas=1\.$/),
      });
    });

    test('other lanes than it was made with are LANES_DIFFER', async () => {
      const nats = await start();
      await open(nats.url, { positions: 4, events: 2 });
      await expect(open(nats.url, { positions: 8, events: 2 })).rejects.toMatchObject({
        code: 'LANES_DIFFER',
        message: `The log at ${nats.url}/followme was created with 4 lanes of positions and 2 of events and cannot be opened with 8 and 2: the number of lanes is fixed when an installation is made.`,
      });
    });

    test('a stream that drops by itself is SETTINGS_DIFFER', async () => {
      const nats = await start();
      await (await open(nats.url)).close();
      await manage(nats, ({ streams }) =>
        streams.update('followme-positions', { max_age: 3_600e9 }),
      );
      await expect(open(nats.url)).rejects.toMatchObject({
        code: 'SETTINGS_DIFFER',
        message: `The stream followme-positions at ${nats.url}/followme has max_age 3600000000000, the log needs 0: change it with "nats stream edit" or give this log another name.`,
      });
    });

    test('a stream of somebody else in the way is SETTINGS_DIFFER', async () => {
      const nats = await start();
      await manage(nats, ({ streams }) =>
        streams.add({ name: 'theirs', subjects: ['followme.>'] }),
      );
      await expect(open(nats.url)).rejects.toMatchObject({
        code: 'SETTINGS_DIFFER',
        message: expect.stringMatching(
          /^Another stream at .* is in the way .*: give this log another name\.$/,
        ),
      });
    });

    test('many processes that open a new log at once agree on what it is', async () => {
      const nats = await start();
      const logs = await Promise.all(Array.from({ length: 6 }, () => open(nats.url)));
      expect(new Set(logs.map((log) => log.identity)).size).toBe(1);
    });

    test('a look tells which log is there, and makes none', async () => {
      const nats = await start();
      const look = () => inspectJetStream(testOptions(nats.url));
      expect(await look()).toMatchObject({ identity: null, durability: null, streams: [] });
      expect(await look()).toMatchObject({ identity: null, streams: [] });
      const { identity } = await open(nats.url);
      expect(await look()).toMatchObject({ identity, streams: [{ records: 0 }, { records: 0 }] });
    });

    test('logs of other names on the same server are other logs', async () => {
      const nats = await start();
      const [a, b] = [await open(`${nats.url}/a`), await open(`${nats.url}/b`)];
      expect(a.identity).not.toBe(b.identity);
      await a.setKey('key', Buffer.from('of a'), null);
      expect(await b.getKey('key')).toBeNull();
    });

    test('the durability is read from the monitoring of a server that can sync always', async () => {
      const program = natsPrograms().find(({ version }) => isAtLeast(version, '2.10.0'));
      if (program === undefined) {
        const nats = await start();
        expect((await open(nats.url)).durability).toMatch(/may take back the last minute/);
        return;
      }
      const nats = await start({ program: program.path, syncInterval: 'always' });
      expect((await open(nats.url)).durability).toMatch(/which is not known here/);
      const monitored = await open(`${nats.url}?monitor=${nats.monitorUrl}`);
      expect(monitored.durability).toMatch(/sync_interval always\)\.$/);
    });
  },
);
