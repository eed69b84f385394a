import { createMetrics } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import { createAdmission, type Leave } from './admission.ts';

const WAIT_MS = 3_000;

function createWorld() {
  const clock = createFakeClock();
  const metrics = createMetrics();
  const admission = createAdmission(
    { clock, metrics },
    { kind: 'login', atOnce: 2, waiting: 2, waitMs: WAIT_MS },
  );
  const counted = (outcome: string) => metrics.read('followme_strangers_total', { outcome });
  return { clock, admission, counted };
}
function must(leave: Leave | null): Leave {
  if (leave === null) throw new Error('There was no place');
  return leave;
}

describe('a bound on work for strangers', () => {
  test('so many at once, so many waiting, all others are refused at once and counted', async () => {
    const { admission, counted } = createWorld();
    const entered = Array.from({ length: 7 }, () => admission.enter());
    await Promise.all([entered[0], entered[1]]);
    expect(await Promise.all(entered.slice(4))).toEqual([null, null, null]);
    expect([await counted('admitted'), await counted('overloaded')]).toEqual([2, 3]);
  });

  test('places go to who waits longest', async () => {
    const { admission } = createWorld();
    const first = must(await admission.enter());
    const second = must(await admission.enter());
    const order: string[] = [];
    const third = admission.enter().then(() => order.push('third'));
    const fourth = admission.enter().then(() => order.push('fourth'));
    first();
    second();
    await Promise.all([third, fourth]);
    expect(order).toEqual(['third', 'fourth']);
  });

  test('a place given back twice is one place', async () => {
    const { admission } = createWorld();
    const leave = must(await admission.enter());
    must(await admission.enter());
    leave();
    leave();
    must(await admission.enter());
    const waiting = admission.enter();
    let hasEntered = false;
    void waiting.then(() => (hasEntered = true));
    await Promise.resolve();
    expect(hasEntered).toBe(false);
  });

  test('nobody waits longer than the limit, and who gave up holds no place', async () => {
    const { clock, admission, counted } = createWorld();
    const first = must(await admission.enter());
    must(await admission.enter());
    const waiting = admission.enter();
    await clock.advance(WAIT_MS);
    expect(await waiting).toBeNull();
    expect(await counted('overloaded')).toBe(1);
    first();
    must(await admission.enter());
  });
});
