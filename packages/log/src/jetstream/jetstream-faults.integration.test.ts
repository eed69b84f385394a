/** The engine while servers are killed, stopped for a while and lose their leader. */
import {
  NATS_MISSING,
  natsProgram,
  startNats,
  startNatsCluster,
  waitUntil,
  type TestNats,
  type TestNatsCluster,
} from '@followme/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, test } from 'vitest';
import { bytes, lane, sequence, text } from '../contract/subject.ts';
import type { Log } from '../port.ts';
import { createJetStreamLog, type JetStreamLogOptions } from './open-jetstream.ts';
import { iterate, testOptions } from './test-log.ts';

const LANES = [0, 1, 2, 3];
const LIMIT_MS = 25_000;

interface Traffic {
  /** Appends acknowledged so far. */
  acknowledged(): number;
  /** Ends appending; resolves when all that was acknowledged was read, with what was read of each lane. */
  finish(): Promise<readonly (readonly number[])[]>;
  /** How many appends each lane had acknowledged. */
  readonly appended: readonly number[];
}

/** Appends numbers to every lane, one after the other, and reads them. */
function startTraffic(log: Log): Traffic {
  const reading = new AbortController();
  const appended = LANES.map(() => 0);
  const read = LANES.map((): number[] => []);
  let isAppending = true;
  const appending = LANES.map(async (number) => {
    while (isAppending) {
      await log.append('positions', lane(number), bytes(String(appended[number])));
      appended[number] = (appended[number] ?? 0) + 1;
    }
  });
  const readers = LANES.map(async (number) => {
    for await (const record of log.read('positions', lane(number), sequence(1), reading.signal)) {
      read[number]?.push(Number(text(record.payload)));
    }
  });
  return {
    appended,
    acknowledged: () => appended.reduce((sum, count) => sum + count, 0),
    async finish() {
      isAppending = false;
      await Promise.all(appending);
      const isRead = (): boolean =>
        LANES.every((number) => (read[number]?.length ?? 0) >= (appended[number] ?? 0));
      await waitUntil(isRead, LIMIT_MS, 'the reading of everything');
      reading.abort();
      await Promise.all(readers);
      return read;
    },
  };
}

async function more(traffic: Traffic, count: number): Promise<void> {
  const goal = traffic.acknowledged() + count;
  await waitUntil(() => traffic.acknowledged() >= goal, LIMIT_MS, `${count} more appends`);
}

const counting = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Nothing lost, nothing doubled, everything in order. */
async function expectWhole(traffic: Traffic): Promise<void> {
  const read = await traffic.finish();
  expect(read).toEqual(traffic.appended.map(counting));
}

async function leaderOf(cluster: TestNatsCluster): Promise<TestNats> {
  const nats = await connect({ servers: cluster.url.slice('nats://'.length).split(',') });
  const manager = await jetstreamManager(nats);
  const info = await manager.streams.info('followme-positions');
  await nats.close();
  const leader = cluster.members.find(({ name }) => name === info.cluster?.leader);
  if (leader === undefined) throw new Error('The stream has no leader');
  return leader;
}

const missing = natsProgram() === null;

describe.skipIf(missing)(
  `JetStream engine under faults${missing ? ` (skipped: ${NATS_MISSING})` : ''}`,
  () => {
    const ends: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0).toReversed()) await end();
    });

    async function open(url: string): Promise<{ log: Log; options: JetStreamLogOptions }> {
      const options = testOptions(url);
      const log = await createJetStreamLog(options);
      ends.push(() => log.close());
      return { log, options };
    }

    async function start(): Promise<TestNats> {
      const nats = await startNats();
      ends.push(() => nats.stop());
      return nats;
    }

    const rebuilds = async (
      { metrics }: JetStreamLogOptions,
      ...reasons: string[]
    ): Promise<number[]> =>
      Promise.all(
        reasons.map((reason) => metrics.read('followme_log_reader_rebuilds_total', { reason })),
      );

    test('a server killed again and again loses nothing, doubles nothing and keeps the order; readers begin anew once each time', async () => {
      const nats = await start();
      const { log, options } = await open(nats.url);
      const traffic = startTraffic(log);
      for (let kill = 0; kill < 3; kill += 1) {
        await more(traffic, 300);
        await nats.kill();
        await waitUntil(() => log.silentForMs() > 0, LIMIT_MS);
        await nats.restart();
      }
      await more(traffic, 300);
      await waitUntil(() => log.silentForMs() < 1000, LIMIT_MS, 'a log that is heard of');
      await expectWhole(traffic);
      const { metrics } = options;
      expect(await metrics.read('followme_log_reconnects_total')).toBe(3);
      expect(await rebuilds(options, 'reconnect', 'silent', 'behind', 'gap')).toEqual([
        3 * LANES.length,
        0,
        0,
        0,
      ]);
    });

    test('a server that stops answering is noticed as silence, left, and found again with nothing lost', async () => {
      const nats = await start();
      const { log, options } = await open(nats.url);
      const traffic = startTraffic(log);
      await more(traffic, 100);
      await nats.pause();
      await waitUntil(() => log.silentForMs() > 2000, LIMIT_MS, 'the silence');
      await waitUntil(
        async () => (await options.metrics.read('followme_log_servers_left_total')) > 0,
        LIMIT_MS,
        'the leaving of the server',
      );
      await nats.resume();
      await more(traffic, 100);
      await waitUntil(() => log.silentForMs() === 0, LIMIT_MS);
      await expectWhole(traffic);
    });

    test('an identity survives a restart of the server', async () => {
      const nats = await start();
      const { log } = await open(nats.url);
      const { identity } = log;
      await log.close();
      await nats.restart();
      expect((await open(nats.url)).log.identity).toBe(identity);
    });

    test('broadcasts are heard again after the server was restarted', async () => {
      const nats = await start();
      const { log, options } = await open(nats.url);
      const heard: string[] = [];
      log.subscribe('registry', (payload) => heard.push(text(payload)));
      await nats.restart();
      await waitUntil(
        async () => (await options.metrics.read('followme_log_reconnects_total')) === 1,
        LIMIT_MS,
      );
      await waitUntil(
        () => {
          log.broadcast('registry', bytes('after'));
          return heard.includes('after');
        },
        LIMIT_MS,
        'a broadcast',
      );
    });

    test('streams that were removed and made anew behind its back are another log: nothing is taken or handed out', async () => {
      const nats = await start();
      const { log } = await open(nats.url);
      await log.append('positions', lane(0), bytes('x'));
      const reading = iterate(
        log,
        { stream: 'positions', lane: lane(0) },
        { from: 1, signal: AbortSignal.timeout(LIMIT_MS) },
      );
      await reading.next();
      const ended = expect(reading.next()).rejects.toMatchObject({ code: 'REPLACED' });
      // a store that was lost: the server comes back with nothing, and another process makes the log there
      await nats.loseStore();
      const other = await open(nats.url);
      expect(other.log.identity).not.toBe(log.identity);
      await ended;
      await expect(log.append('positions', lane(0), bytes('y'))).rejects.toMatchObject({
        code: 'REPLACED',
      });
    });

    test('in a cluster of three the loss of the one server it was told of, the leader, loses nothing', async () => {
      const cluster = await startNatsCluster();
      ends.push(() => cluster.stop());
      const { log: first } = await open(cluster.url);
      expect(first.durability).toMatch(/lies on 2 of 3 servers and survives the loss of 1/);
      await first.close();
      const leader = await leaderOf(cluster);
      const { log, options } = await open(leader.url);
      const traffic = startTraffic(log);
      await more(traffic, 100);
      await leader.kill();
      await more(traffic, 100);
      await expectWhole(traffic);
      expect(await options.metrics.read('followme_log_reconnects_total')).toBeGreaterThan(0);
    });
  },
);
