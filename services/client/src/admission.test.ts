import { createMetrics } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import { createAdmission, type AdmissionLimits, type Leave } from './admission.ts';

const WAIT_MS = 3_000;

const SOMEBODY = { tenant: 'a', person: 'x' };

function createWorld(limits: Partial<AdmissionLimits> = {}) {
  const clock = createFakeClock();
  const metrics = createMetrics();
  const admission = createAdmission(
    { clock, metrics },
    { kind: 'login', atOnce: 2, perTenant: 2, waiting: 2, waitMs: WAIT_MS, ...limits },
  );
  const counted = (outcome: string) => metrics.read('followme_admission_total', { outcome });
  return { clock, admission, counted };
}
function must(leave: Leave | null): Leave {
  if (leave === null) throw new Error('There was no place');
  return leave;
}

describe('a bound on work for strangers', () => {
  test('so many at once, so many waiting, all others are refused at once and counted', async () => {
    const { admission, counted } = createWorld();
    const entered = Array.from({ length: 7 }, () => admission.enter(SOMEBODY));
    await Promise.all([entered[0], entered[1]]);
    expect(await Promise.all(entered.slice(4))).toEqual([null, null, null]);
    expect([await counted('admitted'), await counted('refused')]).toEqual([2, 3]);
  });

  test('places go to who waits longest', async () => {
    const { admission } = createWorld();
    const first = must(await admission.enter(SOMEBODY));
    const second = must(await admission.enter(SOMEBODY));
    const order: string[] = [];
    const third = admission.enter(SOMEBODY).then(() => order.push('third'));
    const fourth = admission.enter(SOMEBODY).then(() => order.push('fourth'));
    first();
    second();
    await Promise.all([third, fourth]);
    expect(order).toEqual(['third', 'fourth']);
  });

  test('a place given back twice is one place', async () => {
    const { admission } = createWorld();
    const leave = must(await admission.enter(SOMEBODY));
    must(await admission.enter(SOMEBODY));
    leave();
    leave();
    must(await admission.enter(SOMEBODY));
    const waiting = admission.enter(SOMEBODY);
    let hasEntered = false;
    void waiting.then(() => (hasEntered = true));
    await Promise.resolve();
    expect(hasEntered).toBe(false);
  });

  test('nobody waits longer than the limit, and who gave up holds no place', async () => {
    const { clock, admission, counted } = createWorld();
    const first = must(await admission.enter(SOMEBODY));
    must(await admission.enter(SOMEBODY));
    const waiting = admission.enter(SOMEBODY);
    await clock.advance(WAIT_MS);
    expect(await waiting).toBeNull();
    expect(await counted('late')).toBe(1);
    first();
    must(await admission.enter(SOMEBODY));
  });

  test('one customer never has all places, so that another is served at once', async () => {
    const { admission } = createWorld({ atOnce: 3, perTenant: 2, waiting: 10 });
    const first = must(await admission.enter(SOMEBODY));
    must(await admission.enter(SOMEBODY));
    let hasEntered = false;
    void admission.enter(SOMEBODY).then(() => (hasEntered = true));
    const other = must(await admission.enter({ tenant: 'b', person: 'y' }));
    other();
    await Promise.resolve();
    expect(hasEntered).toBe(false);
    first();
    await Promise.resolve();
    expect(hasEntered).toBe(true);
  });

  test('a flood of one customer gives way in the line, and is told so at once', async () => {
    const { admission, counted } = createWorld({ waiting: 4 });
    const first = must(await admission.enter(SOMEBODY));
    must(await admission.enter(SOMEBODY));
    const flood = Array.from({ length: 4 }, () => admission.enter(SOMEBODY));
    const other = admission.enter({ tenant: 'b', person: 'y' });
    expect(await flood[3]).toBeNull();
    expect([await counted('displaced'), await counted('refused')]).toEqual([1, 0]);
    first();
    must((await flood[0]) ?? null)();
    must(await other);
  });
});
