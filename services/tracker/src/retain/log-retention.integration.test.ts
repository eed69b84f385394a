import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLmdbLog, type Log } from '@followme/log';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { createMetrics, silentLogger } from '@followme/platform';
import { createFakeClock, waitUntil, type FakeClock } from '@followme/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLogRetention, type LogRetention } from './log-retention.ts';

const LANE = trustedId<Lane>(1);
const ROUND_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

let folder: string;
let clock: FakeClock;
let log: Log;
let retention: LogRetention | null = null;
/** What the readers of the events have yet to read; one lane. */
let eventReaders: ReadonlyMap<Lane, LogSequence> = new Map();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'followme-retention-'));
  clock = createFakeClock();
  log = await createLmdbLog({
    path: join(folder, 'log'),
    lanes: { positions: 2, events: 1 },
    clock,
    logger: silentLogger,
    metrics: createMetrics(),
  });
});
afterEach(async () => {
  await retention?.stop();
  retention = null;
  eventReaders = new Map();
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

/** Appends ten records and lets them become as old as asked. */
async function appendOld(ageMs: number): Promise<void> {
  for (let n = 0; n < 10; n += 1) await log.append('positions', LANE, new Uint8Array(8));
  clock.jumpTo(clock.nowMs() + ageMs);
}

/**
 * Starts with what the rounds are told, one answer after the other, an error for a round that cannot ask.
 * The answer runs one round and tells the oldest record kept.
 */
function rounds(answers: readonly (number | Error)[]): () => Promise<number> {
  let asked = 0;
  retention = startLogRetention({
    log,
    clock,
    logger: silentLogger,
    offsets: {
      async lowestUnread(stream) {
        if (stream === 'events') return eventReaders;
        const answer = answers[asked];
        asked += 1;
        if (answer === undefined || answer instanceof Error) throw answer;
        return new Map([[LANE, trustedId<LogSequence>(answer)]]);
      },
    },
  });
  return async () => {
    const before = asked;
    await clock.advance(ROUND_MS);
    // the round is over when it sleeps again
    await waitUntil(() => asked > before && clock.waiting() === 1, 10_000, 'the end of the round');
    return (await log.bounds('positions', LANE)).first;
  };
}

test('records go by the offsets of the round before', async () => {
  await appendOld(DAY_MS + 1);
  const next = rounds([6, 9, 11]);
  expect([await next(), await next(), await next()]).toEqual([1, 6, 9]);
});

test('an offset that went back keeps what has to be read again', async () => {
  await appendOld(DAY_MS + 1);
  const next = rounds([8, 4, 10, 10]);
  expect([await next(), await next(), await next(), await next()]).toEqual([1, 4, 4, 10]);
});

test('a round without offsets trims nothing, and the next goes by the last that were known', async () => {
  await appendOld(DAY_MS + 1);
  const next = rounds([5, new Error('the database restarts'), 9]);
  expect([await next(), await next(), await next()]).toEqual([1, 1, 5]);
});

test('what is not a day old stays', async () => {
  await appendOld(DAY_MS - 10 * ROUND_MS);
  const next = rounds([11, 11, 11]);
  expect([await next(), await next(), await next()]).toEqual([1, 1, 1]);
});

test('events that are a week old stay while a reader has not read them', async () => {
  const lane = trustedId<Lane>(0);
  for (let n = 0; n < 10; n += 1) await log.append('events', lane, new Uint8Array(8));
  clock.jumpTo(clock.nowMs() + 8 * DAY_MS);
  const next = rounds([1, 1, 1]);
  const firstEvent = async (): Promise<number> => (await log.bounds('events', lane)).first;
  eventReaders = new Map([[lane, trustedId<LogSequence>(4)]]);
  await next();
  expect(await firstEvent()).toBe(4);
  eventReaders = new Map();
  await next();
  expect(await firstEvent()).toBe(11);
});
