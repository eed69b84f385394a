/**
 * The geofence operator's memory without a database, for simulations and tests. Held to the same suite as
 * the SQL adapter. Nothing survives the process.
 */
import type { Clock } from '@followme/platform';
import {
  trustedId,
  type FenceEvent,
  type Lane,
  type LogSequence,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import type { Ownership } from '../postgres/lane-progress/lanes.ts';
import type {
  GeofenceStatePort,
  LaneCommit,
  LaneCommitOutcome,
  LoadedLane,
  OwnedLane,
  TrackerFenceState,
} from './port.ts';

export interface MemoryGeofenceStateDeps {
  /** Tells when leases run out. */
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly ownership: Ownership;
}

interface LaneRow {
  epoch: number;
  owner: string | null;
  leaseUntilMs: number;
  committedSequence: LogSequence;
  readonly fencesVersions: Map<TenantId, number>;
  readonly states: Map<TrackerId, TrackerFenceState>;
}

interface EventRow {
  readonly event: FenceEvent;
  readonly lane: Lane;
  sent: boolean;
}

const byTrackerAndSequence = (a: EventRow, b: EventRow): number =>
  a.event.trackerId - b.event.trackerId || a.event.eventSeq - b.event.eventSeq;

/** An empty memory. */
export function createMemoryGeofenceState(deps: MemoryGeofenceStateDeps): GeofenceStatePort {
  const lanes = new Map<Lane, LaneRow>();
  const events = new Map<string, EventRow>();
  const { clock, ownership } = deps;

  const leaseEndMs = (): number =>
    ownership.kind === 'leased' ? clock.monotonicMs() + ownership.leaseMs : Infinity;

  const isFree = (row: LaneRow, owner: string): boolean =>
    ownership.kind === 'single' ||
    row.owner === null ||
    row.owner === owner ||
    row.leaseUntilMs < clock.monotonicMs();

  const isHeld = (owner: string, { lane, epoch }: OwnedLane): boolean => {
    const row = lanes.get(lane);
    return row !== undefined && row.epoch === epoch && row.owner === owner;
  };

  function rowOf(lane: Lane): LaneRow {
    const row = lanes.get(lane) ?? {
      epoch: 0,
      owner: null,
      leaseUntilMs: 0,
      committedSequence: trustedId<LogSequence>(0),
      fencesVersions: new Map<TenantId, number>(),
      states: new Map<TrackerId, TrackerFenceState>(),
    };
    lanes.set(lane, row);
    return row;
  }

  /** What the commits would become, without writing; a lane's second builds on its first. */
  function judge(commits: readonly LaneCommit[]): readonly LaneCommitOutcome[] {
    const reached = new Map<Lane, LogSequence>();
    return commits.map(({ lane, epoch, fromSequence, toSequence }) => {
      const row = lanes.get(lane);
      const committed = reached.get(lane) ?? row?.committedSequence;
      if (row?.epoch !== epoch || committed !== fromSequence) return 'fenced';
      reached.set(lane, toSequence);
      return 'committed';
    });
  }

  /** @throws Error when an event is there already, as the database's keys would. */
  function refuseRepeated(added: readonly FenceEvent[]): void {
    const ids = new Set(events.keys());
    const numbers = new Set([...events.values()].map(({ event }) => numberOf(event)));
    for (const event of added) {
      if (ids.has(event.eventId) || numbers.has(numberOf(event))) {
        throw new Error(`Event ${event.eventId} is there already`);
      }
      ids.add(event.eventId);
      numbers.add(numberOf(event));
    }
  }

  function apply(commit: LaneCommit): void {
    const row = rowOf(commit.lane);
    row.committedSequence = commit.toSequence;
    for (const state of commit.states) row.states.set(state.trackerId, state);
    for (const { tenantId, version } of commit.fencesVersions) {
      row.fencesVersions.set(tenantId, version);
    }
    for (const event of commit.events) {
      events.set(event.eventId, { event, lane: commit.lane, sent: false });
    }
  }

  async function acquire(owner: string, wanted: readonly Lane[]): Promise<readonly OwnedLane[]> {
    const free = wanted.filter((lane) => isFree(rowOf(lane), owner));
    return free.map((lane) => {
      const row = rowOf(lane);
      row.epoch += 1;
      row.owner = owner;
      row.leaseUntilMs = leaseEndMs();
      return { lane, epoch: row.epoch, committedSequence: row.committedSequence };
    });
  }

  async function load(lane: Lane): Promise<LoadedLane> {
    const row = lanes.get(lane);
    if (row === undefined) throw new Error(`Lane ${lane} was never owned`);
    return {
      lane,
      epoch: row.epoch,
      committedSequence: row.committedSequence,
      fencesVersions: new Map(row.fencesVersions),
      states: [...row.states.values()],
    };
  }

  return {
    acquire,
    async renew(owner, owned) {
      const kept = owned.filter((lane) => isHeld(owner, lane)).map(({ lane }) => lane);
      for (const lane of kept) rowOf(lane).leaseUntilMs = leaseEndMs();
      return kept;
    },
    async release(owner, owned) {
      for (const lane of owned) if (isHeld(owner, lane)) rowOf(lane.lane).owner = null;
    },
    load,
    async commit(commits) {
      const outcomes = judge(commits);
      const good = commits.filter((_, place) => outcomes[place] === 'committed');
      refuseRepeated(good.flatMap((commit) => commit.events));
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

function numberOf(event: FenceEvent): string {
  return `${event.trackerId}/${event.eventSeq}`;
}
