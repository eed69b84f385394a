/**
 * Stage "identify": which tracker a device reports for. All devices of the installation in memory, by
 * family and identifier; loaded once, then kept up to date by what changed since the last look.
 *
 * A device object lives as long as it is in the registry; connections keep a reference to it and look at
 * `active`, so a device that is retired or moved stops at its next frame, not at its next connection.
 */
import type { Lane, TenantId, TrackerId } from '@followme/model';
import type { Clock, Logger } from '@followme/platform';

/** A device as the store knows it. */
export interface DeviceEntry {
  readonly protocol: string;
  /** The family's identifier, e.g. an IMEI. Data, never a path. */
  readonly identifier: string;
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  /** False = retired: it must be forgotten. */
  readonly active: boolean;
}

/** Where devices come from. */
export interface DeviceSource {
  /** Devices that changed since the previous call; the first call answers all. */
  changes(): Promise<readonly DeviceEntry[]>;
}

/** A device a connection may report for. */
export interface KnownDevice {
  readonly identifier: string;
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly lane: Lane;
  /** Only the registry changes it; false = reports are no longer accepted. */
  active: boolean;
}

export interface DeviceRegistry {
  /** The device of this identifier, or null. */
  find(protocol: string, identifier: string): KnownDevice | null;
  /** Fetches what changed now; calls made while one runs share the next one. */
  refresh(): Promise<void>;
  readonly size: number;
}

export function createDeviceRegistry(deps: {
  readonly source: DeviceSource;
  readonly laneOf: (trackerId: TrackerId) => Lane;
  readonly clock: Clock;
  readonly logger: Logger;
}): DeviceRegistry {
  const devices = new Map<string, KnownDevice>();
  let running: Promise<void> | null = null;
  let again = false;

  const apply = (entry: DeviceEntry): void => {
    const key = keyOf(entry.protocol, entry.identifier);
    const present = devices.get(key);
    if (present !== undefined) {
      const isSame = present.trackerId === entry.trackerId && present.tenantId === entry.tenantId;
      if (isSame && entry.active) return;
      // a retired row of an earlier owner must not silence the present one
      if (!isSame && !entry.active) return;
      present.active = false;
      devices.delete(key);
    }
    if (!entry.active) return;
    devices.set(key, {
      identifier: entry.identifier,
      tenantId: entry.tenantId,
      trackerId: entry.trackerId,
      lane: deps.laneOf(entry.trackerId),
      active: true,
    });
  };

  const load = async (): Promise<void> => {
    do {
      again = false;
      const changes = await deps.source.changes();
      for (const entry of changes) apply(entry);
      if (changes.length > 0) {
        deps.logger.debug('registry.refreshed', { changes: changes.length, devices: devices.size });
      }
    } while (again);
  };

  return {
    find: (protocol, identifier) => devices.get(keyOf(protocol, identifier)) ?? null,
    refresh() {
      if (running !== null) {
        again = true;
        return running;
      }
      running = load().finally(() => {
        running = null;
      });
      return running;
    },
    get size() {
      return devices.size;
    },
  };
}

const keyOf = (protocol: string, identifier: string): string => `${protocol} ${identifier}`;
