/** What the engine does beyond the contract, on one server. */
import type { LogSequence } from '@followme/model';
import { NATS_MISSING, natsPrograms, startNats, waitUntil, type TestNats } from '@followme/testkit';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  appendTexts,
  bytes,
  lane,
  numbered,
  readAll,
  readRecords,
  sequence,
  textsOf,
} from '../contract/subject.ts';
import { LogError, type Log } from '../port.ts';
import { createJetStreamLog, type JetStreamLogOptions } from './open-jetstream.ts';
import { iterate, testOptions, uniqueName } from './test-log.ts';

const spot = { stream: 'positions', lane: lane(1) } as const;
const programs = natsPrograms();
if (programs.length === 0) test.skip(`the engine on nats-server (skipped: ${NATS_MISSING})`);

describe.each(programs)('the JetStream engine on nats-server $version', ({ path }) => {
  let nats: TestNats;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let name = '';
  const opened: Log[] = [];

  beforeAll(async () => {
    nats = await startNats({ program: path, maxFileBytes: 100_000_000 });
    connection = await connect({ servers: `${nats.host}:${nats.port}` });
    manager = await jetstreamManager(connection);
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
  });

  async function open(settings = ''): Promise<{ log: Log; options: JetStreamLogOptions }> {
    name = uniqueName();
    const options = testOptions(`${nats.url}/${name}${settings}`);
    const log = await createJetStreamLog(options);
    opened.push(log);
    return { log, options };
  }

  const rebuilt = ({ metrics }: JetStreamLogOptions, reason: string): Promise<number> =>
    metrics.read('followme_log_reader_rebuilds_total', { reason });

  test('a full stream refuses with UNAVAILABLE, keeps what it has, and takes records again after a trim', async () => {
    const { log, options } = await open('?max-bytes=300000');
    let refusal: unknown = null;
    let last = 0;
    for (let count = 0; count < 40 && refusal === null; count += 1) {
      await log.append(spot.stream, spot.lane, new Uint8Array(20_000)).then(
        (appended) => (last = appended.sequence),
        (error: unknown) => (refusal = error),
      );
    }
    expect(refusal).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/maximum bytes exceeded/),
    });
    expect(await readAll(log, spot)).toHaveLength(last);
    const refused = { reason: 'UNAVAILABLE' };
    expect(await options.metrics.read('followme_log_refused_appends_total', refused)).toBe(1);
    await waitUntil(() => Date.now() % 2 === 0, 1000);
    await log.trim(spot.stream, spot.lane, { olderThanMs: -1000, keepFrom: sequence(last) });
    expect((await log.append(spot.stream, spot.lane, bytes('room'))).sequence).toBeGreaterThan(
      last,
    );
  });

  test('readers leave nothing on the server', async () => {
    const { log } = await open();
    await appendTexts(log, spot, numbered(5));
    await readAll(log, spot);
    const end = new AbortController();
    const waiting = iterate(log, spot, { from: 6, signal: end.signal }).next();
    const count = async (): Promise<number> =>
      (await manager.streams.info(`${name}-positions`)).state.consumer_count;
    await waitUntil(async () => (await count()) === 1, 5000, 'a consumer');
    end.abort();
    await waiting;
    await waitUntil(async () => (await count()) === 0, 5000, 'its removal');
  });

  test('a reader whose consumer is removed begins anew where it was', async () => {
    const { log, options } = await open();
    await appendTexts(log, spot, numbered(3));
    const end = new AbortController();
    const reader = iterate(log, spot, { from: 1, signal: end.signal });
    const texts = textsOf([
      (await reader.next()).value,
      (await reader.next()).value,
      (await reader.next()).value,
    ]);
    const [consumer] = await manager.consumers.list(`${name}-positions`).next();
    await manager.consumers.delete(`${name}-positions`, consumer?.name ?? '');
    const next = reader.next();
    await log.append(spot.stream, spot.lane, bytes('3'));
    texts.push(...textsOf([(await next).value]));
    expect(texts).toEqual(['0', '1', '2', '3']);
    expect(await rebuilt(options, 'gone')).toBe(1);
    end.abort();
  });

  test('a reader that stops asking for longer than the server waits goes on where it was', async () => {
    const { log } = await open();
    const payload = new Uint8Array(100_000);
    for (let count = 0; count < 40; count += 1) await log.append(spot.stream, spot.lane, payload);
    const end = new AbortController();
    const reader = iterate(log, spot, { from: 1, signal: end.signal });
    await reader.next();
    // as the server does by itself after half a minute without a request
    const [consumer] = await manager.consumers.list(`${name}-positions`).next();
    await manager.consumers.delete(`${name}-positions`, consumer?.name ?? '');
    const sequences: number[] = [];
    for (let count = 2; count <= 40; count += 1)
      sequences.push((await reader.next()).value.sequence);
    expect(sequences).toEqual(Array.from({ length: 39 }, (_, index) => index + 2));
    end.abort();
  });

  test('records that somebody else removed are a gap that no reader passes over', async () => {
    const { log } = await open();
    const [, second = 0] = await appendTexts(log, spot, numbered(4));
    await manager.streams.purge(`${name}-positions`, { seq: second + 2 });
    await expect(readRecords(log, spot, { from: second + 1, count: 1 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: `Lane 1 of positions has no record ${second} any more, and only up to 0 they were trimmed`,
    });
  });

  test('lanes that were trimmed further do not make a gap in a lane that was not', async () => {
    const { log } = await open();
    const other = { ...spot, lane: lane(0) };
    const mine = await appendTexts(log, spot, ['mine']);
    const theirs = await appendTexts(log, other, numbered(10));
    const keepFrom = sequence((theirs.at(-1) ?? 0) + 1);
    expect(await log.trim(other.stream, other.lane, { olderThanMs: -1000, keepFrom })).toBe(10);
    const own = { olderThanMs: -1000, keepFrom: sequence((mine[0] ?? 0) + 1) };
    expect(await log.trim(spot.stream, spot.lane, own)).toBe(1);
    const reading = readRecords(log, spot, { from: (mine[0] ?? 0) + 1, count: 1 });
    await appendTexts(log, spot, ['next']);
    expect(textsOf(await reading)).toEqual(['next']);
  });

  test('the server removes what no lane keeps, and lanes without records hold nothing back', async () => {
    const { log } = await open();
    const other = { ...spot, lane: lane(0) };
    const kept = async (): Promise<number> =>
      (await manager.streams.info(`${name}-positions`)).state.messages;
    const mine = await appendTexts(log, spot, numbered(10));
    const theirs = await appendTexts(log, other, numbered(10));
    const all = (sequences: readonly number[]): { olderThanMs: number; keepFrom: LogSequence } => ({
      olderThanMs: -1000,
      keepFrom: sequence((sequences.at(-1) ?? 0) + 1),
    });
    expect(await log.trim(other.stream, other.lane, all(theirs))).toBe(10);
    expect([await kept(), textsOf(await readAll(log, other))]).toEqual([20, []]);
    expect(await log.trim(spot.stream, spot.lane, all(mine))).toBe(10);
    expect(await kept()).toBe(0);
    await appendTexts(log, other, ['young']);
    const more = await appendTexts(log, spot, numbered(5));
    expect(await log.trim(spot.stream, spot.lane, all(more))).toBe(5);
    expect([await kept(), textsOf(await readAll(log, other))]).toEqual([6, ['young']]);
  });

  test('a record id may hold anything', async () => {
    const { log } = await open();
    for (const recordId of [
      'with blank',
      ' with blank',
      'line\r\nbreak',
      'é',
      'x'.repeat(500),
      ':x',
      'x',
      '',
    ]) {
      expect((await log.append('events', lane(0), bytes('x'), { recordId })).duplicate).toBe(false);
      expect((await log.append('events', lane(0), bytes('x'), { recordId })).duplicate).toBe(true);
    }
  });

  test('a key may hold anything up to 500 bytes, and tells apart what differs', async () => {
    const { log } = await open();
    const keys = ['a', 'A', 'a.b', 'a*', '>', ' ', 'é', '/', 'x'.repeat(500)];
    for (const key of keys) expect(await log.setKey(key, bytes(key), null)).not.toBeNull();
    for (const key of keys) expect((await log.getKey(key))?.value).toEqual(bytes(key));
    await expect(log.getKey('')).rejects.toThrow('A key has 1 to 500 bytes, got 0');
  });

  test('more than 64 MB under way are refused at once and counted', async () => {
    const { log, options } = await open();
    const payload = new Uint8Array(1_000_000);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 70 }, () => log.append(spot.stream, spot.lane, payload)),
    );
    const refused = outcomes.filter(
      (one) => one.status === 'rejected' && one.reason instanceof LogError,
    );
    expect(refused).toHaveLength(6);
    const reason = { reason: 'UNAVAILABLE' };
    expect(await options.metrics.read('followme_log_refused_appends_total', reason)).toBe(6);
  });
});
