/**
 * The geofence operator's memory without a database, for simulations and tests. Held to the same suite as
 * the SQL adapter. Nothing survives the process.
 */
import type { FenceEvent, Lane, LogSequence } from '@followme/model';
import { MemoryLanes, type MemoryGeofenceStateDeps } from './memory-lanes.ts';
import type { GeofenceStatePort, LaneCommit, LaneCommitOutcome, LoadedLane } from './port.ts';

export type { MemoryGeofenceStateDeps } from './memory-lanes.ts';

interface EventRow {
  readonly event: FenceEvent;
  readonly lane: Lane;
  sent: boolean;
}

const byTrackerAndSequence = (a: EventRow, b: EventRow): number =>
  a.event.trackerId - b.event.trackerId || a.event.eventSeq - b.event.eventSeq;

const numberOf = (event: FenceEvent): string => `${event.trackerId}/${event.eventSeq}`;

/** What the commits would become, without writing; a lane's second builds on its first. */
function judge(lanes: MemoryLanes, commits: readonly LaneCommit[]): readonly LaneCommitOutcome[] {
  const reached = new Map<Lane, LogSequence>();
  return commits.map(({ lane, epoch, fromSequence, toSequence }) => {
    const row = lanes.find(lane);
    const committed = reached.get(lane) ?? row?.committedSequence;
    if (row?.epoch !== epoch || committed !== fromSequence) return 'fenced';
    reached.set(lane, toSequence);
    return 'committed';
  });
}

/** @throws Error when an event is there already, as the database's keys would. */
function refuseRepeated(kept: Iterable<EventRow>, added: readonly FenceEvent[]): void {
  const keys = new Set([...kept].flatMap(({ event }) => [event.eventId, numberOf(event)]));
  for (const event of added) {
    if (keys.has(event.eventId) || keys.has(numberOf(event))) {
      throw new Error(`Event ${event.eventId} is there already`);
    }
    keys.add(event.eventId).add(numberOf(event));
  }
}

/** An empty memory. */
export function createMemoryGeofenceState(deps: MemoryGeofenceStateDeps): GeofenceStatePort {
  const lanes = new MemoryLanes(deps);
  const events = new Map<string, EventRow>();

  function apply(commit: LaneCommit): void {
    const row = lanes.find(commit.lane);
    if (row === undefined) throw new Error(`Lane ${commit.lane} was never owned`);
    row.committedSequence = commit.toSequence;
    for (const state of commit.states) row.states.set(state.trackerId, state);
    for (const { tenantId, version } of commit.fencesVersions) {
      row.fencesVersions.set(tenantId, version);
    }
    for (const event of commit.events) {
      events.set(event.eventId, { event, lane: commit.lane, sent: false });
    }
  }

  return {
    acquire: async (owner, wanted) => lanes.acquire(owner, wanted),
    renew: async (owner, owned) => lanes.renew(owner, owned),
    release: async (owner, owned) => lanes.release(owner, owned),
    async load(lane): Promise<LoadedLane> {
      const row = lanes.find(lane);
      if (row === undefined || row.epoch === 0) throw new Error(`Lane ${lane} was never owned`);
      return {
        lane,
        epoch: row.epoch,
        committedSequence: row.committedSequence,
        fencesVersions: new Map(row.fencesVersions),
        states: [...row.states.values()],
      };
    },
    async commit(commits) {
      const outcomes = judge(lanes, commits);
      const good = commits.filter((_, place) => outcomes[place] === 'committed');
      refuseRepeated(
        events.values(),
        good.flatMap((commit) => commit.events),
      );
      good.forEach(apply);
      return outcomes;
    },
    async unsent(wanted, limit) {
      return [...events.values()]
        .filter((row) => !row.sent && wanted.includes(row.lane))
        .sort(byTrackerAndSequence)
        .slice(0, limit)
        .map((row) => row.event);
    },
    async markSent(eventIds) {
      for (const eventId of eventIds) {
        const row = events.get(eventId);
        if (row !== undefined) row.sent = true;
      }
    },
  };
}
