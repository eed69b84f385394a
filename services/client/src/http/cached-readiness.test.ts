import { createFakeClock } from '@followme/testkit';
import { expect, test } from 'vitest';
import { createCachedReadiness, READINESS_TTL_MS } from './cached-readiness.ts';

test('a thousand who ask within a second cost one look, the next second another', async () => {
  const clock = createFakeClock();
  let looks = 0;
  const readiness = createCachedReadiness(() => [{ name: `${(looks += 1)}`, ok: true }], clock);
  const answers = await Promise.all(Array.from({ length: 1_000 }, readiness));
  expect(new Set(answers.map(([check]) => check?.name))).toEqual(new Set(['1']));
  await clock.advance(READINESS_TTL_MS - 1);
  expect(await readiness()).toEqual([{ name: '1', ok: true }]);
  await clock.advance(1);
  expect(await readiness()).toEqual([{ name: '2', ok: true }]);
});

test('a look that takes longer than its answer holds is not joined by a second one', async () => {
  const clock = createFakeClock();
  const looks: (() => void)[] = [];
  const readiness = createCachedReadiness(
    () => new Promise((resolve) => looks.push(() => resolve([]))),
    clock,
  );
  const first = readiness();
  await clock.advance(5 * READINESS_TTL_MS);
  const second = readiness();
  expect(looks).toHaveLength(1);
  looks[0]?.();
  expect(await Promise.all([first, second])).toEqual([[], []]);
});

test('a look that fails is told to all who ask within the second, then made again', async () => {
  const clock = createFakeClock();
  let looks = 0;
  const readiness = createCachedReadiness(() => {
    looks += 1;
    return looks === 1 ? Promise.reject(new Error('gone')) : [];
  }, clock);
  await expect(readiness()).rejects.toThrow('gone');
  await expect(readiness()).rejects.toThrow('gone');
  await clock.advance(READINESS_TTL_MS);
  expect(await readiness()).toEqual([]);
});
