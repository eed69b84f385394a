import type { JetStreamManager } from '@nats-io/jetstream';
import { createRandom, createMetrics, silentLogger, type Metrics } from '@followme/platform';
import { createFakeClock, type FakeClock } from '@followme/testkit';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { beforeEach, describe, expect, test } from 'vitest';
import { lane } from '../contract/subject.ts';
import { LogError } from '../port.ts';
import type { Session } from './connection.ts';
import { createJetStreamCounters } from './jetstream-counters.ts';
import type { LaneReader } from './lane-reader.ts';
import { logNames } from './names.ts';
import { Readers, type ReadingPlace } from './readers.ts';

/** The server's side of one session: what was asked, and a way to answer. */
interface Server {
  readonly session: Session;
  /** Names of the consumers made, oldest first. */
  readonly consumers: string[];
  /** Subjects of everything published. */
  readonly asked: string[];
  /** Newest sequences, as the watch would be told. */
  lastOfStream: number;
  lastOfLane: number;
  record(sequence: number, delivery: number): void;
  status(code: number, description: string, sent?: number): void;
}

function createServer(): Server {
  let hear: (error: Error | null, message: Msg) => void = () => undefined;
  let inbox = '';
  const consumers: string[] = [];
  const asked: string[] = [];
  // of the client only what readers use
  const nats = {
    isClosed: () => false,
    publish: (subject: string) => void asked.push(subject),
    subscribe: (subject: string, { callback }: { callback: typeof hear }) => {
      inbox = subject.slice(0, -2);
      hear = callback;
    },
  } as unknown as NatsConnection;
  const jetstream = {
    consumers: { add: async (_: string, { name }: { name: string }) => void consumers.push(name) },
  } as unknown as JetStreamManager;
  const message = (of: Partial<Msg>): Msg => ({ data: new Uint8Array(0), ...of }) as Msg;
  return {
    session: { nats, jetstream },
    consumers,
    asked,
    lastOfStream: 0,
    lastOfLane: 0,
    record(sequence, delivery) {
      const reply = `$JS.ACK.x-positions.${consumers.at(-1)}.1.${sequence}.${delivery}.1795387096492225491.0`;
      hear(null, message({ subject: 'x.positions.1', reply, data: Buffer.from(`${sequence}`) }));
    },
    status(code, description, sent) {
      const all = headers(code, description);
      if (sent !== undefined) all.set('Nats-Last-Consumer', `${sent}`);
      hear(null, message({ subject: `${inbox}.${consumers.at(-1)}`, headers: all }));
    },
  };
}

describe('the watch over readers', () => {
  let clock: FakeClock;
  let server: Server;
  let metrics: Metrics;
  let readers: Readers;
  let reader: LaneReader;
  let place: (at: ReadingPlace) => Promise<number>;
  const warnings: string[] = [];

  beforeEach(async () => {
    place = async ({ next }) => next;
    warnings.length = 0;
    clock = createFakeClock();
    server = createServer();
    metrics = createMetrics();
    const { session } = server;
    readers = new Readers({
      clock,
      random: createRandom('readers'),
      logger: { ...silentLogger, warn: (event: string) => void warnings.push(event) },
      connection: {
        session: () => session,
        demand: () => session,
        listen: () => undefined,
        moveOn: () => undefined,
        close: async () => undefined,
      },
      names: logNames('x'),
      counters: createJetStreamCounters(metrics),
      onRecord: () => undefined,
      checkPlace: (at) => place(at),
      isFinal: () => false,
      lastOfStream: async () => server.lastOfStream,
      lastOfLane: async () => server.lastOfLane,
    });
    readers.resume(session);
    reader = readers.start({ stream: 'positions', lane: lane(1), from: 1 });
    await clock.advance(0);
  });

  const rebuilt = (reason: string): Promise<number> =>
    metrics.read('followme_log_reader_rebuilds_total', { reason });

  /** Time passes with the heartbeat of every second. */
  async function beat(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1000);
      server.status(100, 'Idle Heartbeat');
    }
  }

  test('a reader that hears nothing for 2.5 s begins anew, from the record after the last', async () => {
    server.record(7, 1);
    await clock.advance(2500);
    expect(server.consumers).toHaveLength(1);
    await clock.advance(500);
    expect([server.consumers.length, await rebuilt('silent'), reader.next]).toEqual([2, 1, 8]);
  });

  test('heartbeats keep it', async () => {
    await beat(60);
    expect([server.consumers.length, await rebuilt('silent'), await rebuilt('behind')]).toEqual([
      1, 0, 0,
    ]);
  });

  test('with heartbeats and no record, while its lane has newer ones, it begins anew', async () => {
    server.record(7, 1);
    server.lastOfStream = 9;
    server.lastOfLane = 9;
    await beat(4);
    expect(await rebuilt('behind')).toBe(1);
    expect(server.consumers).toHaveLength(2);
  });

  test('it is looked at anew, also when another reader was looked at while nothing else came to the stream', async () => {
    readers.start({ stream: 'positions', lane: lane(1), from: 10 });
    await clock.advance(0);
    const quiet = server.consumers.at(-1) ?? '';
    server.lastOfStream = 9;
    server.lastOfLane = 9;
    // the first one hears records while the second is looked at, and stands still from then on
    for (let second = 0; second < 3; second += 1) {
      server.consumers.push(server.consumers[0] ?? '');
      server.record(second + 1, second + 1);
      server.status(100, 'Idle Heartbeat');
      server.consumers.push(quiet);
      await beat(1);
    }
    expect(await rebuilt('behind')).toBe(0);
    for (let second = 0; second < 3; second += 1) {
      server.consumers.push(server.consumers[0] ?? '');
      server.status(100, 'Idle Heartbeat');
      server.consumers.push(quiet);
      await beat(1);
    }
    expect(await rebuilt('behind')).toBe(1);
  });

  test('newer records of other lanes do not make it behind', async () => {
    server.record(7, 1);
    server.lastOfLane = 7;
    for (let last = 8; last < 20; last += 1) {
      server.lastOfStream = last;
      await beat(1);
    }
    expect(await rebuilt('behind')).toBe(0);
  });

  test('a record that came late is not taken for one that is missing', async () => {
    server.record(7, 1);
    server.lastOfStream = 9;
    server.lastOfLane = 9;
    await beat(2);
    server.record(9, 2);
    await beat(3);
    expect(await rebuilt('behind')).toBe(0);
  });

  test('a delivery that was skipped makes it begin anew, and the one behind the gap is not handed out', async () => {
    server.record(7, 1);
    server.record(9, 3);
    await clock.advance(0);
    expect([await rebuilt('gap'), reader.next, server.consumers.length]).toEqual([1, 8, 2]);
    expect(reader.take()?.sequence).toBe(7);
    expect(reader.take()).toBeNull();
  });

  test('a heartbeat that tells of more than came makes it begin anew', async () => {
    server.record(7, 1);
    server.status(100, 'Idle Heartbeat', 2);
    await clock.advance(0);
    expect([await rebuilt('gap'), server.consumers.length]).toEqual([1, 2]);
  });

  test.each([
    [409, 'Consumer Deleted'],
    [409, 'Leadership Change'],
    [503, 'No Responders'],
  ])('%i %s is about the consumer: it begins anew', async (code, description) => {
    server.status(code, description);
    await clock.advance(0);
    expect([await rebuilt('gone'), server.consumers.length]).toEqual([1, 2]);
  });

  test.each([
    [408, 'Request Timeout'],
    [404, 'No Messages'],
    [409, 'Message Size Exceeds MaxBytes'],
  ])('%i %s is about the portion: the next one is asked for', async (code, description) => {
    const portions = (): number => server.asked.filter((one) => one.includes('MSG.NEXT')).length;
    expect(portions()).toBe(1);
    server.status(code, description);
    expect([portions(), server.consumers.length, await rebuilt('gone')]).toEqual([2, 1, 0]);
  });

  test('what comes for a consumer it has left is not heard', async () => {
    server.record(7, 1);
    const left = server.consumers.at(-1);
    reader.rebuild('silent');
    await clock.advance(0);
    server.consumers.push(left ?? '');
    server.record(8, 2);
    expect(reader.next).toBe(8);
  });

  test('a reader whose consumer the server must have forgotten does not ask it any more', async () => {
    for (let index = 1; index <= 512; index += 1) server.record(index, index);
    await clock.advance(26_000);
    while (reader.take() !== null);
    await clock.advance(0);
    expect([await rebuilt('gone'), server.consumers.length, reader.next]).toEqual([1, 2, 513]);
  });

  test('a reader that cannot begin is counted every 10 s, and told of', async () => {
    const count = (): Promise<number> => metrics.read('followme_log_stuck_readers_total');
    place = () => Promise.reject(new LogError('UNAVAILABLE', 'no leader'));
    reader.rebuild('silent');
    await clock.advance(9000);
    expect([await count(), warnings]).toEqual([0, []]);
    await clock.advance(2500);
    expect([await count(), warnings]).toEqual([1, ['log.readerStuck']]);
    await clock.advance(11_000);
    expect([await count(), warnings.length]).toEqual([2, 2]);
    place = async ({ next }) => next;
    await clock.advance(30_000);
    expect(await count()).toBe(2);
  });

  test('of each stream the reader that has come farthest is known', async () => {
    readers.start({ stream: 'positions', lane: lane(1), from: 10 });
    expect(readers.farthest()).toEqual([]);
    await clock.advance(0);
    server.record(12, 1);
    server.consumers.push(server.consumers[0] ?? '');
    server.record(7, 1);
    expect(readers.farthest()).toEqual([
      {
        stream: 'positions',
        lane: 1,
        next: 13,
        received: 12,
        receivedTimeMs: 1_795_387_096_492,
      },
    ]);
  });

  test('after its end nothing is watched and the server is told', async () => {
    readers.end(reader);
    await clock.advance(10_000);
    expect(server.consumers).toHaveLength(1);
    expect(server.asked.at(-1)).toBe(`$JS.API.CONSUMER.DELETE.x-positions.${server.consumers[0]}`);
  });
});
