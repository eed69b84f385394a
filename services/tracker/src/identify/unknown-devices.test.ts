import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { expect, test } from 'vitest';
import { createUnknownDevices, type UnknownDeviceSighting } from './unknown-devices.ts';

function setUp(note: (s: readonly UnknownDeviceSighting[]) => Promise<void>) {
  const metrics = createMetrics();
  const unknown = createUnknownDevices({
    sink: { note },
    clock: systemClock,
    logger: silentLogger,
    metrics,
  });
  return { unknown, metrics };
}

test('frames of one unknown device are counted into one sighting', async () => {
  const flushed: UnknownDeviceSighting[] = [];
  const { unknown } = setUp(async (s) => void flushed.push(...s));
  for (let i = 0; i < 3; i += 1) unknown.note('meitrack', '999');
  await unknown.flush();
  await unknown.flush();
  expect(flushed).toMatchObject([{ protocol: 'meitrack', identifier: '999', frames: 3 }]);
});

test('an identifier with control characters, or a very long one, is not kept', async () => {
  const flushed: UnknownDeviceSighting[] = [];
  const { unknown } = setUp(async (s) => void flushed.push(...s));
  for (const bad of ['', '12\n34', 'a b', 'x'.repeat(41), 'é']) unknown.note('meitrack', bad);
  await unknown.flush();
  expect(flushed).toEqual([]);
});

test('a flood of invented identifiers is bounded and counted', async () => {
  const flushed: UnknownDeviceSighting[] = [];
  const { unknown, metrics } = setUp(async (s) => void flushed.push(...s));
  for (let i = 0; i < 1_500; i += 1) unknown.note('meitrack', String(i));
  await unknown.flush();
  expect(flushed).toHaveLength(1_000);
  expect(await metrics.read('followme_tracker_unknown_devices_overflow_total')).toBe(500);
});

test('what the store did not take goes with the next flush', async () => {
  const flushed: UnknownDeviceSighting[] = [];
  let fails = true;
  const { unknown } = setUp(async (s) => {
    if (fails) throw new Error('down');
    flushed.push(...s);
  });
  unknown.note('meitrack', '1');
  await unknown.flush();
  unknown.note('meitrack', '1');
  fails = false;
  await unknown.flush();
  expect(flushed).toMatchObject([{ identifier: '1', frames: 2 }]);
});
