import { decodeFencesChanged, type FencesChanged, type TenantId } from '@followme/model';
import { createMetrics, silentLogger } from '@followme/platform';
import type { Log } from '@followme/log';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import {
  createFenceAnnouncer,
  FENCES_SUBJECT,
  type FenceAnnouncements,
} from './fence-announcer.ts';
import { createMemoryLog } from './testing/memory-log.ts';
import { allLanes, LANES, tenantId } from './testing/world.ts';

/** Tenants with the version their fences are at and the one announced. */
function createAnnouncements(): FenceAnnouncements & {
  edit(tenant: TenantId, version: number): void;
} {
  const at = new Map<TenantId, number>();
  const announced = new Map<TenantId, number>();
  return {
    edit: (tenant, version) => void at.set(tenant, version),
    pendingAnnouncements: async () =>
      Array.from(at, ([tenantId, fencesVersion]) => ({ tenantId, fencesVersion })).filter(
        ({ tenantId, fencesVersion }) => fencesVersion > (announced.get(tenantId) ?? 0),
      ),
    markAnnounced: async (tenant, version) => void announced.set(tenant, version),
  };
}

function setUp(wrap: (log: Log) => Log = (log) => log) {
  const log = createMemoryLog(LANES);
  const clock = createFakeClock();
  const announcements = createAnnouncements();
  const metrics = createMetrics();
  const announcer = createFenceAnnouncer({
    log: wrap(log),
    announcements,
    clock,
    metrics,
    logger: silentLogger,
  });
  const told = (): FencesChanged[][] =>
    allLanes.map((lane) =>
      log.records('positions', lane).map(({ payload }) => {
        const change = decodeFencesChanged(payload);
        if (!change.ok) throw new Error(change.error.code);
        return change.value;
      }),
    );
  return { log, clock, announcements, announcer, metrics, told };
}

const change = (tenant: number, fencesVersion: number): FencesChanged => ({
  tenantId: tenantId(tenant),
  fencesVersion,
});

describe('announcing fences', () => {
  test('GF19 every lane gets one control record per version, at the start, when called and at the next look', async () => {
    const { log, clock, announcements, announcer, told } = setUp();
    announcements.edit(tenantId(1), 1);
    announcer.start();
    await clock.advance(0);
    expect(told()).toEqual(allLanes.map(() => [change(1, 1)]));

    announcements.edit(tenantId(1), 2);
    log.broadcast(FENCES_SUBJECT, new Uint8Array());
    await clock.advance(0);
    expect(told()).toEqual(allLanes.map(() => [change(1, 1), change(1, 2)]));

    announcements.edit(tenantId(2), 5);
    await clock.advance(1_000);
    expect(told()).toEqual(allLanes.map(() => [change(1, 1), change(1, 2), change(2, 5)]));
    await clock.advance(5_000);
    expect(told()[0]).toHaveLength(3);
    await announcer.stop();
    expect(clock.waiting()).toBe(0);
  });

  test('GF19 a call that comes during a look is answered by another look behind it', async () => {
    const { log, clock, announcements, announcer, told } = setUp();
    let finishLook = (): void => undefined;
    const pending = announcements.pendingAnnouncements;
    announcements.pendingAnnouncements = async () => {
      const found = await pending();
      await new Promise<void>((resolve) => (finishLook = resolve));
      return found;
    };
    announcer.start();
    await clock.advance(0);
    announcements.edit(tenantId(1), 1);
    log.broadcast(FENCES_SUBJECT, new Uint8Array());
    finishLook();
    await clock.advance(0);
    finishLook();
    await clock.advance(0);
    expect(told()).toEqual(allLanes.map(() => [change(1, 1)]));
    await announcer.stop();
  });

  test('GF19 an announcement that failed in some lane is repeated until every lane has it, once each', async () => {
    let failures = 2;
    const { clock, announcements, announcer, metrics, told } = setUp((log) => ({
      ...log,
      append: async (stream, lane, payload, options) => {
        if (lane === 2 && failures > 0) {
          failures -= 1;
          throw new Error('the log is away');
        }
        return log.append(stream, lane, payload, options);
      },
    }));
    announcements.edit(tenantId(1), 7);
    announcer.start();
    await clock.advance(0);
    expect(told()[2]).toEqual([]);
    await clock.advance(3_000);
    expect(told()).toEqual(allLanes.map(() => [change(1, 7)]));
    expect(await metrics.read('followme_geofence_announcement_failures_total')).toBe(2);
    await announcer.stop();
  });
});
