/** The geofence operator of a simulated process: the real service over simulated ports, and what it wrote. */
import { createFenceAnnouncer, createGeofenceService } from '@followme/geofence';
import type { FenceEvent } from '@followme/model';
import { createMetrics } from '@followme/platform';
import {
  createMemoryGeofenceState,
  isRetryableFailure,
  type FenceSource,
  type GeofenceStatePort,
  type LaneCommit,
  type LaneCommitOutcome,
} from '@followme/store';
import type { SimulatedFences } from './fences.ts';
import { connectLeases, type LaneTables } from './lane-audit.ts';
import type { Role, RoleContext } from './role.ts';

/** What the store of the operator holds. */
export class OperatorStore {
  /** Committed events in the order of their commits. */
  readonly events: FenceEvent[] = [];
  readonly sent = new Set<string>();
  readonly tables: LaneTables;
  readonly #state: GeofenceStatePort;
  readonly #violate: (what: string) => void;

  constructor(deps: { readonly tables: LaneTables; readonly violate: (what: string) => void }) {
    this.tables = deps.tables;
    this.#state = createMemoryGeofenceState({ lanes: deps.tables.lanes });
    this.#violate = deps.violate;
  }

  /** The port as a process has it. */
  connect({ process, storeEngine }: RoleContext): GeofenceStatePort {
    const state = this.#state;
    const call = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
      storeEngine.call(process, `geofence ${what}`, effect);
    return {
      load: (lane) => call(`load ${lane}`, () => state.load(lane)),
      commit: (commits) => call('commit', () => this.#commit(commits)),
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
      const outcomes = await this.#state.commit(commits);
      const done = commits.filter((_, place) => outcomes[place] === 'committed');
      this.tables.audit.written('geofence', done);
      this.events.push(...done.flatMap(({ events }) => events));
      return outcomes;
    } catch (error) {
      this.#violate(`the store refused a commit: ${String(error)}`);
      throw error;
    }
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
    state: deps.store.connect(context),
    leases: connectLeases(context, deps.store.tables, 'geofence'),
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
