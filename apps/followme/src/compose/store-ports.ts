/**
 * The narrow ports of the services, made of store operations. Services say what they need; here it is told
 * how the database answers. This is the only place that opens the system door for them.
 */
import type { ConsumerOffsets, DeviceSource, UnknownDeviceSink } from '@followme/tracker';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import {
  laneSequences,
  loadDevices,
  noteUnknownDevices,
  type SeenRevisions,
  type Store,
} from '@followme/store';

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
 * The lowest sequence any consumer has yet to read, per lane. For the recorder it is the sequence of the
 * last states: whoever loads them reads the log from there.
 */
export function createConsumerOffsets(store: Store): ConsumerOffsets {
  return {
    async lowestUnread() {
      const lowest = new Map<Lane, LogSequence>();
      const sequences = await store.asSystem(laneSequences);
      for (const { consumer, lane, committedSequence, stateSequence } of sequences) {
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
