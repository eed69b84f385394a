import { trustedId, type TenantId, type TrackerId } from '@followme/model';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import { createCommandRate, MAX_REMEMBERED, PER_TENANT } from './command-rate.ts';

const tenant = (id: number) => trustedId<TenantId>(id);
const tracker = (id: number) => trustedId<TrackerId>(id);

describe('commands', () => {
  test('are given to one tracker once a second', async () => {
    const clock = createFakeClock();
    const rate = createCommandRate(clock);
    expect(rate.take(tenant(1), tracker(1))).toBe(true);
    await clock.advance(900);
    expect(rate.take(tenant(1), tracker(1))).toBe(false);
    await clock.advance(100);
    expect(rate.take(tenant(1), tracker(1))).toBe(true);
  });

  test('of one customer are bounded over all of its trackers, those of others are not held up', async () => {
    const clock = createFakeClock();
    const rate = createCommandRate(clock);
    const given = Array.from({ length: PER_TENANT.burst + 5 }, (_, id) =>
      rate.take(tenant(1), tracker(id + 1)),
    );
    expect(given.filter((isGiven) => isGiven)).toHaveLength(PER_TENANT.burst);
    expect(rate.take(tenant(2), tracker(900))).toBe(true);
    await clock.advance(1_000);
    const later = Array.from({ length: 2 * PER_TENANT.perSecond }, (_, id) =>
      rate.take(tenant(1), tracker(id + 100)),
    );
    expect(later.filter((isGiven) => isGiven)).toHaveLength(PER_TENANT.perSecond);
  });

  test('refused for one tracker take nothing from its customer', () => {
    const rate = createCommandRate(createFakeClock());
    for (let i = 0; i < 1_000; i += 1) rate.take(tenant(1), tracker(1));
    expect(rate.take(tenant(1), tracker(2))).toBe(true);
  });

  test('are counted for so many trackers only', () => {
    const rate = createCommandRate(createFakeClock());
    expect(rate.take(tenant(1), tracker(1))).toBe(true);
    for (let id = 0; id < MAX_REMEMBERED; id += 1) rate.take(tenant(2), tracker(id + 2));
    // forgotten, so it may again
    expect(rate.take(tenant(1), tracker(1))).toBe(true);
  });
});
