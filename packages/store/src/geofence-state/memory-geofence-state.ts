/**
 * The geofence operator's memory without a database, for simulations and tests. Held to the same suite as
 * the SQL adapter. Nothing survives the process.
 */
import type { FenceEvent, Lane, LogSequence, TenantId, TrackerId } from '@followme/model';
import type { MemoryLanes } from '../lanes/memory-lanes.ts';
import type {
  GeofenceStatePort,
  LaneCommit,
  LaneCommitOutcome,
  LoadedLane,
  TrackerFenceState,
} from './port.ts';

export interface MemoryGeofenceStateDeps {
  /** Who owns which lane, and how far it is committed. */
  readonly lanes: Pick<MemoryLanes, 'progress' | 'advance'>;
}

interface LaneState {
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

const numberOf = (event: FenceEvent): string => `${event.trackerId}/${event.eventSeq}`;

/** What the commits would become, without writing; a lane's second builds on its first. */
function judge(
  { lanes }: MemoryGeofenceStateDeps,
  commits: readonly LaneCommit[],
): readonly LaneCommitOutcome[] {
  const reached = new Map<Lane, LogSequence>();
  return commits.map(({ lane, epoch, fromSequence, toSequence }) => {
    const row = lanes.progress('geofence', lane);
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
  const { lanes } = deps;
  const states = new Map<Lane, LaneState>();
  const events = new Map<string, EventRow>();

  function stateOf(lane: Lane): LaneState {
    const state = states.get(lane) ?? { fencesVersions: new Map(), states: new Map() };
    states.set(lane, state);
    return state;
  }

  function apply(commit: LaneCommit): void {
    lanes.advance('geofence', [commit]);
    const kept = stateOf(commit.lane);
    for (const state of commit.states) kept.states.set(state.trackerId, state);
    for (const { tenantId, version } of commit.fencesVersions) {
      kept.fencesVersions.set(tenantId, version);
    }
    for (const event of commit.events) {
      events.set(event.eventId, { event, lane: commit.lane, sent: false });
    }
  }

  return {
    async load(lane): Promise<LoadedLane> {
      const progress = lanes.progress('geofence', lane);
      if (progress === undefined || progress.epoch === 0) {
        throw new Error(`Lane ${lane} was never owned`);
      }
      const { epoch, committedSequence } = progress;
      const kept = stateOf(lane);
      return {
        lane,
        epoch,
        committedSequence,
        fencesVersions: new Map(kept.fencesVersions),
        states: [...kept.states.values()],
      };
    },
    async commit(commits) {
      const outcomes = judge(deps, commits);
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
