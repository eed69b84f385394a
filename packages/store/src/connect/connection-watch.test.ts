import { silentLogger } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import type { PoolClient } from 'pg';
import { expect, test } from 'vitest';
import type { Backend } from './backends.ts';
import { ConnectionWatch } from './connection-watch.ts';

/** One connection in use, as the driver shows it, and a server that answers what it is asked when it is let. */
async function createWorld() {
  const clock = createFakeClock();
  const answers: ((pidsAtWork: readonly number[]) => void)[] = [];
  let dead = 0;
  const watch = new ConnectionWatch({
    clock,
    logger: silentLogger,
    dead: { inc: (by = 1) => void (dead += by) },
    backends: {
      pidsAtWork: () =>
        new Promise((resolve) => void answers.push((pids) => resolve(new Set(pids)))),
      end: () => Promise.resolve(),
    },
  });
  const stream = { bytesRead: 0, bytesWritten: 0, destroy: () => undefined };
  const connection = {
    processID: 7,
    readyForQuery: false,
    connection: { stream },
    query: () => Promise.resolve({ rows: [{ pid: 7, startedUs: '1' } satisfies Backend] }),
  };
  // the little of a connection that is looked at
  const client = connection as unknown as PoolClient;
  await watch.meet(client);
  watch.begin(client);
  return {
    clock,
    connection,
    stream,
    asked: () => answers.length,
    dead: () => dead,
    async answer(...pidsAtWork: number[]) {
      answers.shift()?.(pidsAtWork);
      await clock.advance(0);
    },
    watch,
  };
}

test('a connection that waits in silence and the server does not work for is cut', async () => {
  const { clock, asked, dead, answer } = await createWorld();
  await clock.advance(2500);
  expect(asked()).toBe(0);
  await clock.advance(1000);
  await answer();
  expect(dead()).toBe(1);
});

test('one that the server works for is left alone and asked about again', async () => {
  const { clock, asked, dead, answer } = await createWorld();
  await clock.advance(3500);
  await answer(7);
  await clock.advance(500);
  expect([dead(), asked()]).toEqual([0, 1]);
});

test('one that went on while the server was asked is not cut, however late the answer comes', async () => {
  const { clock, stream, dead, answer } = await createWorld();
  await clock.advance(3500);
  // the answer comes, and the next statement waits when the server's word of before arrives
  stream.bytesRead = 100;
  await clock.advance(1000);
  await answer();
  expect(dead()).toBe(0);
});

test('what was sent may take its time over a slow network', async () => {
  const { clock, stream, asked } = await createWorld();
  stream.bytesWritten = 1_000_000;
  await clock.advance(6900);
  expect(asked()).toBe(0);
  await clock.advance(1000);
  expect(asked()).toBe(1);
});

test('what was answered takes no more time: the next statement has the patience of a small one', async () => {
  const { clock, stream, asked } = await createWorld();
  stream.bytesWritten = 10_000_000;
  await clock.advance(1000);
  for (const bytesRead of [10, 20]) {
    stream.bytesRead = bytesRead;
    await clock.advance(500);
  }
  await clock.advance(3500);
  expect(asked()).toBe(1);
});

test('nothing is looked at after the end', async () => {
  const { clock, asked, watch } = await createWorld();
  watch.close();
  await clock.advance(60_000);
  expect([asked(), clock.waiting()]).toEqual([0, 0]);
});
