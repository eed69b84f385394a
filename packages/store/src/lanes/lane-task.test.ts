import { createMetrics, createRandom, silentLogger } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { expect, test } from 'vitest';
import { createLaneTask, type LaneTask } from './lane-task.ts';
import { createMemoryLanes } from './memory-lanes.ts';

const LEASE_MS = 3_000;

function createInstallation() {
  const clock = createFakeClock();
  const lanes = createMemoryLanes({ clock, ownership: { kind: 'leased', leaseMs: LEASE_MS } });
  const hearers = new Set<(payload: Uint8Array) => void>();
  /** Who began and who ended, in order. */
  const told: string[] = [];
  /** A process; `isCut` says whether it reaches the store, `ending` how long its task takes to end. */
  function join(name: string, process: { isCut: boolean; readonly endingMs: number }): LaneTask {
    const leases = lanes.leases('watching');
    return createLaneTask(
      {
        leases: {
          ...leases,
          look: (...asked) =>
            process.isCut ? Promise.reject(new Error('away')) : leases.look(...asked),
        },
        signals: {
          silentForMs: () => 0,
          broadcast: (_, payload) => {
            for (const hear of hearers) hear(payload);
          },
          subscribe: (_, hear) => {
            hearers.add(hear);
            return () => void hearers.delete(hear);
          },
        },
        clock,
        random: createRandom(name),
        logger: silentLogger,
        metrics: createMetrics(),
        owner: name,
      },
      () => {
        told.push(`${name} begins`);
        return {
          async stop() {
            await clock.sleep(process.endingMs);
            told.push(`${name} ends`);
          },
        };
      },
    );
  }
  return { clock, told, join };
}

test('a task runs in one process; when that stops, it has ended before another begins it', async () => {
  const { clock, told, join } = createInstallation();
  const one = join('one', { isCut: false, endingMs: 70 });
  const two = join('two', { isCut: false, endingMs: 0 });
  await one.start();
  await two.start();
  await clock.advance(20_000);
  expect(told).toEqual(['one begins']);
  const stopped = one.stop();
  await clock.advance(100);
  await stopped;
  expect(told).toEqual(['one begins', 'one ends', 'two begins']);
});

test('a task of a process that cannot renew ends there and is begun elsewhere', async () => {
  const { clock, told, join } = createInstallation();
  const first = { isCut: false, endingMs: 10 };
  await join('one', first).start();
  await join('two', { isCut: false, endingMs: 10 }).start();
  first.isCut = true;
  await clock.advance(LEASE_MS + 500);
  expect(told.toSorted()).toEqual(['one begins', 'one ends', 'two begins']);
  first.isCut = false;
  await clock.advance(20_000);
  expect(told).toHaveLength(3);
});
