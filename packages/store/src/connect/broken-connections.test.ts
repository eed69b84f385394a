import { silentLogger } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { expect, test } from 'vitest';
import type { Backend } from './backends.ts';
import { BrokenConnections } from './broken-connections.ts';

const backend = (pid: number): Backend => ({ pid, startedUs: '1' });

/** A server that is told of ends, and answers when it is let. */
function createWorld() {
  const clock = createFakeClock();
  const told: number[][] = [];
  const answers: ((error?: Error) => void)[] = [];
  const broken = new BrokenConnections({
    clock,
    logger: silentLogger,
    backends: {
      end(backends) {
        told.push(backends.map(({ pid }) => pid));
        return new Promise((resolve, reject) => {
          answers.push((error) => (error === undefined ? resolve() : reject(error)));
        });
      },
    },
  });
  return { clock, told, broken, answer: (error?: Error) => answers.shift()?.(error) };
}

test('what breaks while the server is told of others is told next', async () => {
  const { clock, told, broken, answer } = createWorld();
  broken.add(backend(1));
  broken.add(backend(2));
  answer();
  await clock.advance(0);
  expect(told).toEqual([[1], [2]]);
});

test('the server is told again after a failure, a bounded number of times', async () => {
  const { clock, told, broken, answer } = createWorld();
  broken.add(backend(1));
  for (let second = 0; second < 30; second += 1) {
    answer(new Error('no way there'));
    await clock.advance(1000);
  }
  expect(told).toHaveLength(15);
  broken.add(backend(2));
  expect(told.at(-1)).toEqual([2]);
});

test('nothing waits after the end, and no more is told', async () => {
  const { clock, told, broken, answer } = createWorld();
  broken.add(backend(1));
  answer(new Error('no way there'));
  await clock.advance(0);
  broken.close();
  await clock.advance(10_000);
  expect(clock.waiting()).toBe(0);
  expect(told).toEqual([[1]]);
});
