import { createFakeClock, type FakeClock } from '@followme/testkit';
import { beforeEach, expect, test } from 'vitest';
import { Certainty } from './certainty.ts';

let clock: FakeClock;
let certainty: Certainty;

beforeEach(() => {
  clock = createFakeClock();
  certainty = new Certainty(clock);
});

test('it takes three sights over 3 s', async () => {
  expect(certainty.seen('gone')).toBe(false);
  await clock.advance(3000);
  expect(certainty.seen('gone')).toBe(false);
  expect(certainty.seen('gone')).toBe(true);
});

test('many sights within 3 s are not enough', async () => {
  for (let sight = 0; sight < 30; sight += 1) {
    expect(certainty.seen('gone')).toBe(false);
    await clock.advance(99);
  }
});

test('what was refuted begins anew, other things do not', async () => {
  for (const what of ['a', 'b', 'a', 'b']) certainty.seen(what);
  certainty.refuted('a');
  await clock.advance(3000);
  expect([certainty.seen('a'), certainty.seen('b')]).toEqual([false, true]);
});

test('sights farther apart than 15 s have nothing to do with each other', async () => {
  certainty.seen('gone');
  certainty.seen('gone');
  await clock.advance(15_001);
  expect(certainty.seen('gone')).toBe(false);
});
