import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLmdbLog } from '@followme/log';
import { encodeFencesChanged } from '@followme/model';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { createMemoryGeofenceState, createMemoryLanes } from '@followme/store';
import { waitUntil } from '@followme/testkit';
import { expect, test } from 'vitest';
import {
  allLanes,
  appendFixes,
  createTestService,
  fencesByVersion,
  LANES,
  publishedEvents,
  shortEvent,
  squareFence,
  tenantId,
} from './testing/world.ts';

test('GF20 on the embedded log: three owners one after another judge 3,000 fixes of 30 trackers, each event once', async () => {
  const path = await mkdtemp(join(tmpdir(), 'followme-geofence-'));
  const log = await createLmdbLog({
    path,
    lanes: { positions: LANES, events: LANES },
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
  });
  try {
    const lanes = createMemoryLanes({ clock: systemClock, ownership: { kind: 'single' } });
    const state = createMemoryGeofenceState({ lanes });
    const leases = lanes.leases('geofence');
    const fences = fencesByVersion({ 1: [squareFence(1, 0)] });
    const change = encodeFencesChanged({ tenantId: tenantId(1), fencesVersion: 1 });
    for (const lane of allLanes) await log.append('positions', lane, change);

    for (let owner = 0; owner < 3; owner += 1) {
      const service = createTestService({ log, state, leases, fences });
      await service.start();
      const appends = Array.from({ length: 1_000 }, (_, i) => {
        const n = owner * 1_000 + i;
        const lon = Math.floor(n / 30) % 2 === 0 ? 0.5 : 5.5;
        return appendFixes(log, { tracker: 1 + (n % 30), timeMs: 1 + n, lon, lat: 0.5 });
      });
      await Promise.all(appends);
      if (owner === 2) await waitUntil(async () => (await service.lag()).records === 0, 20_000);
      await service.stop();
    }

    const events = await publishedEvents(log);
    const expected = Array.from({ length: 3_000 }, (_, n) => {
      const kind = Math.floor(n / 30) % 2 === 0 ? 'enter' : 'exit';
      return `${1 + (n % 30)} ${kind} 1@${1 + n}${n < 30 ? ' initial' : ''}`;
    });
    expect(events.map(shortEvent).toSorted()).toEqual(expected.toSorted());
    for (let tracker = 1; tracker <= 30; tracker += 1) {
      const numbers = events.filter((e) => e.trackerId === tracker).map((e) => e.eventSeq);
      expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    }
  } finally {
    await log.close();
    await rm(path, { recursive: true, force: true });
  }
});
