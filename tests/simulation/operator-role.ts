/** The geofence operator of a simulated process: the real service over simulated ports, and what it wrote. */
import { createFenceAnnouncer, createGeofenceService } from '@followme/geofence';
import type { FenceEvent, Lane, LogSequence } from '@followme/model';
import { createMetrics } from '@followme/platform';
import {
  createMemoryGeofenceState,
  isRetryableFailure,
  type FenceSource,
  type GeofenceStatePort,
  type LaneCommit,
  type LaneCommitOutcome,
} from '@followme/store';
import type { Engine } from './engine.ts';
import type { SimulatedFences } from './fences.ts';
import type { SimulatedProcess } from './process.ts';
import type { RoleContext, Role } from './role.ts';

/** What the store of the operator holds, and a check of every commit that does not trust the store. */
export class OperatorStore {
  readonly state: GeofenceStatePort;
  /** Committed events in the order of their commits. */
  readonly events: FenceEvent[] = [];
  readonly sent = new Set<string>();
  readonly #engine: Engine;
  readonly #violate: (what: string) => void;
  /** By lane: the newest epoch that was given out, and how far it is committed. */
  readonly #lanes = new Map<Lane, { epoch: number; committed: LogSequence | 0 }>();

  constructor(deps: {
    readonly engine: Engine;
    readonly state: GeofenceStatePort;
    readonly violate: (what: string) => void;
  }) {
    this.#engine = deps.engine;
    this.state = deps.state;
    this.#violate = deps.violate;
  }

  committed(lane: Lane): number {
    return this.#lanes.get(lane)?.committed ?? 0;
  }

  /** The port as a process has it. */
  connect(process: SimulatedProcess): GeofenceStatePort {
    const { state } = this;
    const call = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
      this.#engine.call(process, `geofence ${what}`, effect);
    return {
      acquire: (owner, lanes) =>
        call('acquire', async () => {
          const owned = await state.acquire(owner, lanes);
          for (const { lane, epoch } of owned) {
            const known = this.#lanes.get(lane)?.committed ?? 0;
            this.#lanes.set(lane, { epoch, committed: known });
          }
          return owned;
        }),
      renew: (owner, lanes) => call('renew', () => state.renew(owner, lanes)),
      release: (owner, lanes) => call('release', () => state.release(owner, lanes)),
      load: (lane) => call(`load ${lane}`, () => state.load(lane)),
      commit: (commits) =>
        call('commit', async () => {
          const outcomes = await this.#commit(commits);
          commits.forEach((commit, place) => {
            if (outcomes[place] === 'committed') this.#note(commit);
          });
          return outcomes;
        }),
      unsent: (lanes, limit) => call('unsent', () => state.unsent(lanes, limit)),
      markSent: (eventIds) =>
        call('mark sent', async () => {
          for (const eventId of eventIds) this.sent.add(eventId);
          await state.markSent(eventIds);
        }),
    };
  }

  async #commit(commits: readonly LaneCommit[]): Promise<readonly LaneCommitOutcome[]> {
    try {
      return await this.state.commit(commits);
    } catch (error) {
      this.#violate(`the store refused a commit: ${String(error)}`);
      throw error;
    }
  }

  #note({ lane, epoch, fromSequence, toSequence, events }: LaneCommit): void {
    const known = this.#lanes.get(lane);
    if (known === undefined || epoch !== known.epoch) {
      this.#violate(`lane ${lane} was changed by epoch ${epoch}, it belongs to ${known?.epoch}`);
    }
    if (fromSequence !== (known?.committed ?? 0)) {
      this.#violate(`lane ${lane} went on from ${fromSequence}, it stood at ${known?.committed}`);
    }
    this.#lanes.set(lane, { epoch, committed: toSequence });
    this.events.push(...events);
  }
}

/** The operator and the announcer of one process. */
export function createOperatorRole(
  context: RoleContext,
  deps: { readonly store: OperatorStore; readonly fences: SimulatedFences },
): Role {
  const { process, log, storeEngine, logger, lanes } = context;
  const { clock } = process;
  const source: FenceSource = {
    fencesAt: (_, version) =>
      storeEngine.call(process, `fences at ${version}`, () => deps.fences.fencesAt(version)),
  };
  const service = createGeofenceService({
    log,
    state: deps.store.connect(process),
    fences: source,
    clock,
    logger,
    metrics: createMetrics(),
    owner: process.name,
    lanes,
    isRetryable: isRetryableFailure,
    settings: { answerWithinMs: 4_000 },
  });
  const announcer = createFenceAnnouncer({
    log,
    announcements: {
      pendingAnnouncements: () =>
        storeEngine.call(process, 'pending announcements', () =>
          deps.fences.pendingAnnouncements(),
        ),
      markAnnounced: (_, version) =>
        storeEngine.call(process, 'mark announced', () => deps.fences.markAnnounced(version)),
    },
    clock,
    logger,
    metrics: createMetrics(),
  });
  return {
    async start() {
      await service.start();
      announcer.start();
    },
    async stop() {
      await announcer.stop();
      await service.stop();
    },
  };
}

/** An empty memory whose leases run out by `clock`. */
export const createOperatorMemory = (
  clock: { readonly monotonicMs: () => number },
  leaseMs: number,
): GeofenceStatePort =>
  createMemoryGeofenceState({ clock, ownership: { kind: 'leased', leaseMs } });
