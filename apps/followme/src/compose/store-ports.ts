/**
 * The narrow ports of the services, made of store operations. Services say what they need; here it is told
 * how the database answers. This is the only place that opens the system door for them.
 */
import type { LiveSource, ProviderSource, TenantResolver } from '@followme/client';
import type { FenceAnnouncements } from '@followme/geofence';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import {
  laneSequences,
  listUnknownDevices,
  loadDevices,
  loadLastStates,
  loadTrackers,
  markFencesAnnounced,
  noteUnknownDevices,
  registryRevisions,
  resolveTenant,
  STREAM_OF_CONSUMER,
  type SeenRevisions,
  type Store,
} from '@followme/store';
import type { ConsumerOffsets, DeviceSource, UnknownDeviceSink } from '@followme/tracker';

/** The device registry, told in changes. */
export function createDeviceSource(store: Store): DeviceSource {
  let seen: SeenRevisions = new Map();
  return {
    async changes() {
      const { devices, retired, revisions } = await store.asSystem((system) =>
        loadDevices(system, seen),
      );
      seen = revisions;
      // an identifier may have moved: its old place goes before its new one comes
      return [
        ...retired.map((device) => ({ ...device, active: false })),
        ...devices.map((device) => ({ ...device, active: true })),
      ];
    },
  };
}

/** Where sightings of unknown devices are kept for the provider. */
export function createUnknownDeviceSink(store: Store): UnknownDeviceSink {
  return {
    note: (sightings) =>
      store.asSystem((system) =>
        noteUnknownDevices(
          system,
          sightings.map(({ lastSeenMs, ...sighting }) => ({ ...sighting, atMs: lastSeenMs })),
        ),
      ),
  };
}

/**
 * The lowest sequence any consumer of a stream has yet to read, per lane. For the recorder it is the sequence of the
 * last states: whoever loads them reads the log from there.
 */
export function createConsumerOffsets(store: Store): ConsumerOffsets {
  return {
    async lowestUnread(stream) {
      const lowest = new Map<Lane, LogSequence>();
      const sequences = await store.asSystem(laneSequences);
      for (const { consumer, lane, committedSequence, stateSequence } of sequences) {
        if (STREAM_OF_CONSUMER[consumer] !== stream) continue;
        const done =
          consumer === 'recorder' ? Math.min(committedSequence, stateSequence) : committedSequence;
        const unread = trustedId<LogSequence>(done + 1);
        const present = lowest.get(lane);
        if (present === undefined || unread < present) lowest.set(lane, unread);
      }
      return lowest;
    },
  };
}

/** Fence versions that no control record has told the lanes yet. */
export function createFenceAnnouncements(store: Store): FenceAnnouncements {
  return {
    async pendingAnnouncements() {
      const revisions = await store.asSystem(registryRevisions);
      return [...revisions]
        .filter(([, tenant]) => tenant.fencesVersion > tenant.fencesAnnouncedVersion)
        .map(([tenantId, { fencesVersion }]) => ({ tenantId, fencesVersion }));
    },
    markAnnounced: (tenantId, version) =>
      store.asSystem((system) => markFencesAnnounced(system, tenantId, version)),
  };
}

/** Where the live hub gets what it holds of all tenants. */
export function createLiveSource(store: Store): LiveSource {
  return {
    loadTrackers: (since?: SeenRevisions) =>
      store.asSystem((system) => loadTrackers(system, since)),
    loadLastStates: () => store.asSystem(loadLastStates),
    revisions: () => store.asSystem(registryRevisions),
  };
}

/** Which tenant is served under a host name. */
export function createTenantResolver(store: Store): TenantResolver {
  return { resolve: (host) => resolveTenant(store, host) };
}

/** What the provider may look up beyond its own tenant. */
export function createProviderSource(store: Store): ProviderSource {
  return {
    listUnknownDevices: (limit) =>
      store.asSystem((system) => listUnknownDevices(system, { limit })),
  };
}
