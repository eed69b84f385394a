/**
 * Which connection leads to a tracker. A device that came back while its old connection is not known to be dead
 * has two; the newest one counts, and an older one again when that closes.
 */
import type { TrackerId } from '@followme/model';
import type { CommandLink } from './command-link.ts';

export interface ConnectedTrackers {
  /** The connection named a device of this tracker. */
  enter(trackerId: TrackerId, link: CommandLink): void;
  /** The connection closed, or named another device. */
  leave(trackerId: TrackerId, link: CommandLink): void;
  /** The connection that named the tracker's device last; null when there is none. */
  newest(trackerId: TrackerId): CommandLink | null;
  /** Trackers with a connection. */
  readonly size: number;
}

/** Nobody is connected yet. */
export function createConnectedTrackers(): ConnectedTrackers {
  // newest last; nearly always one, so a list costs less than a set
  const links = new Map<TrackerId, CommandLink[]>();
  return {
    enter(trackerId, link) {
      const present = links.get(trackerId);
      if (present === undefined) links.set(trackerId, [link]);
      else present.push(link);
    },
    leave(trackerId, link) {
      const present = links.get(trackerId);
      const at = present?.indexOf(link) ?? -1;
      if (present === undefined || at < 0) return;
      present.splice(at, 1);
      if (present.length === 0) links.delete(trackerId);
    },
    newest: (trackerId) => links.get(trackerId)?.at(-1) ?? null,
    get size() {
      return links.size;
    },
  };
}
