/** The engine when what lies on the server stops being its log while it is open. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NATS_MISSING, natsProgram, startNats, waitUntil, type TestNats } from '@followme/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, describe, expect, test } from 'vitest';
import { bytes, lane } from '../contract/subject.ts';
import type { Log, LogError } from '../port.ts';
import { createJetStreamLog } from './open-jetstream.ts';
import { iterate, testOptions } from './test-log.ts';

const LIMIT_MS = 25_000;
const SPOT = { stream: 'positions', lane: lane(0) } as const;
const REPLACED = { code: 'REPLACED' };
const missing = natsProgram() === null;

describe.skipIf(missing)(
  `a log on JetStream that is replaced${missing ? ` (skipped: ${NATS_MISSING})` : ''}`,
  () => {
    const ends: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0).toReversed()) await end();
    });

    async function start(): Promise<TestNats> {
      const nats = await startNats();
      ends.push(() => nats.stop());
      return nats;
    }

    async function open(nats: TestNats): Promise<Log> {
      const log = await createJetStreamLog(testOptions(nats.url));
      ends.push(() => log.close());
      return log;
    }

    const read = (log: Log) =>
      iterate(log, SPOT, { from: 1, signal: AbortSignal.timeout(LIMIT_MS) });

    async function directly(
      nats: TestNats,
      work: (connection: NatsConnection) => Promise<unknown>,
    ): Promise<void> {
      const connection = await connect({ servers: `${nats.host}:${nats.port}` });
      await work(connection);
      await connection.close();
    }

    test('a stream that was deleted and stays away is final for readers, appends and looks', async () => {
      const nats = await start();
      const log = await open(nats);
      await log.append('positions', lane(0), bytes('x'));
      const reading = read(log);
      await reading.next();
      const ended = expect(reading.next()).rejects.toMatchObject({
        ...REPLACED,
        message: 'followme-positions is not there any more',
      });
      await directly(nats, async (connection) =>
        (await jetstreamManager(connection)).streams.delete('followme-positions'),
      );
      await ended;
      await expect(log.append('positions', lane(0), bytes('y'))).rejects.toMatchObject(REPLACED);
      await expect(log.bounds('events', lane(0))).rejects.toMatchObject(REPLACED);
    });

    test('the key space is missed, too', async () => {
      const nats = await start();
      const log = await open(nats);
      await directly(nats, async (connection) =>
        (await jetstreamManager(connection)).streams.delete('followme-keys'),
      );
      const isReplaced = (): Promise<boolean> =>
        log.getKey('any').then(
          () => false,
          ({ code }: LogError) => code === 'REPLACED',
        );
      await waitUntil(isReplaced, LIMIT_MS, 'the end of the log');
    });

    test('a stream that went back and grew past the old place is noticed, and nothing is appended to it', async () => {
      const [nats, elsewhere] = await Promise.all([start(), start()]);
      const store = (of: TestNats): string => join(of.folder, 'store');
      const log = await open(nats);
      await log.append('positions', lane(0), bytes('kept'));
      await nats.kill();
      await elsewhere.kill();
      await rm(store(elsewhere), { recursive: true, force: true });
      await cp(store(nats), store(elsewhere), { recursive: true });
      await nats.restart();
      await log.append('positions', lane(0), bytes('lost'));
      const reading = read(log);
      await reading.next();
      await reading.next();
      const ended = expect(reading.next()).rejects.toMatchObject({
        ...REPLACED,
        message: 'followme-positions went back: record 2 is another one now',
      });
      await nats.kill();
      const appending = expect(log.append('positions', lane(0), bytes('waiting'))).rejects;
      // the older copy grows where nobody of us sees it
      await elsewhere.restart();
      await directly(elsewhere, async (connection) => {
        for (let index = 0; index < 5; index += 1) {
          await connection.request('followme.positions.0', 'other');
        }
      });
      await elsewhere.kill();
      await rm(store(nats), { recursive: true, force: true });
      await cp(store(elsewhere), store(nats), { recursive: true });
      await nats.restart();
      await ended;
      await appending.toMatchObject(REPLACED);
      await directly(nats, async (connection) => {
        const { state } = await (
          await jetstreamManager(connection)
        ).streams.info('followme-positions');
        expect(state.last_seq).toBe(6);
      });
    });
  },
);
