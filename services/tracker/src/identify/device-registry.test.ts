import { trustedId, type Lane, type TenantId, type TrackerId } from '@followme/model';
import { silentLogger, systemClock } from '@followme/platform';
import { describe, expect, test } from 'vitest';
import { createDeviceRegistry, type DeviceEntry } from './device-registry.ts';

function entry(identifier: string, tracker: number, active = true): DeviceEntry {
  return {
    protocol: 'meitrack',
    identifier,
    tenantId: trustedId<TenantId>(1),
    trackerId: trustedId<TrackerId>(tracker),
    active,
  };
}

async function registryOf(...rounds: DeviceEntry[][]) {
  const queue = [...rounds];
  const registry = createDeviceRegistry({
    source: { changes: () => Promise.resolve(queue.shift() ?? []) },
    laneOf: (trackerId) => trustedId<Lane>(trackerId % 16),
    clock: systemClock,
    logger: silentLogger,
  });
  await registry.refresh();
  return registry;
}

describe('device registry', () => {
  test('finds a device by family and identifier, with tenant, tracker and lane', async () => {
    const registry = await registryOf([entry('861', 18)]);
    expect(registry.find('meitrack', '861')).toMatchObject({ tenantId: 1, trackerId: 18, lane: 2 });
    expect(registry.find('gt06', '861')).toBeNull();
    expect(registry.find('meitrack', '862')).toBeNull();
  });

  test('a retired device stops for connections that hold it', async () => {
    const registry = await registryOf([entry('861', 18)], [entry('861', 18, false)]);
    const held = registry.find('meitrack', '861');
    await registry.refresh();
    expect(held?.active).toBe(false);
    expect(registry.find('meitrack', '861')).toBeNull();
  });

  test('a device moved to another tracker is a new one; the old row cannot silence it', async () => {
    const registry = await registryOf(
      [entry('861', 18)],
      [entry('861', 19)],
      [entry('861', 18, false)],
    );
    const held = registry.find('meitrack', '861');
    await registry.refresh();
    expect(held?.active).toBe(false);
    await registry.refresh();
    expect(registry.find('meitrack', '861')).toMatchObject({ trackerId: 19, active: true });
  });

  test('a change told twice keeps the object that connections hold', async () => {
    const registry = await registryOf([entry('861', 18)], [entry('861', 18)]);
    const held = registry.find('meitrack', '861');
    await registry.refresh();
    expect(registry.find('meitrack', '861')).toBe(held);
  });
});
