/** The live side of a simulated process: the real hub, follower and look at the registry, without sockets. */
import { createMetrics, createRandom } from '@followme/platform';
import type { Store } from '@followme/store';
import { startLive, type Live } from '../../services/client/src/pipeline.ts';
import type { LiveHub } from '../../services/client/src/live/hub.ts';
import { TENANT, type SimulatedFences } from './fences.ts';
import type { PositionsTable } from './positions-table.ts';
import type { SimulatedRegistry } from './registry.ts';
import type { Role, RoleContext } from './role.ts';

/** Sessions are opened at the hub itself, so nothing here asks for them. */
const NO_STORE: Store = {
  asTenant: () => Promise.reject(new Error('The simulation has no database')),
  asSystem: () => Promise.reject(new Error('The simulation has no database')),
  check: async () => undefined,
  close: async () => undefined,
};

/** A live side, and its hub for those who look. */
export interface LiveRole extends Role {
  /** Null until it has started. */
  readonly hub: LiveHub | null;
}

/** The live side of one life of a process. */
export function createLiveRole(
  { process, log, storeEngine, logger }: RoleContext,
  deps: {
    readonly positions: PositionsTable;
    readonly registry: SimulatedRegistry;
    readonly fences: SimulatedFences;
  },
): LiveRole {
  const { positions, registry, fences } = deps;
  const ask = <T>(what: string, effect: () => T): Promise<T> =>
    storeEngine.call(process, `live ${what}`, effect);
  let live: Live | null = null;
  return {
    get hub() {
      return live?.hub ?? null;
    },
    async start() {
      live = await startLive({
        log,
        store: NO_STORE,
        clock: process.clock,
        random: createRandom(process.name),
        logger,
        metrics: createMetrics(),
        source: {
          loadTrackers: (since) => ask('trackers', () => registry.load(since)),
          loadLastStates: () => ask('last states', () => positions.lastStates()),
          revisions: () =>
            ask(
              'revisions',
              () =>
                new Map([
                  [
                    TENANT,
                    {
                      registryRevision: registry.revision,
                      fencesVersion: fences.version,
                      alertsRevision: 0,
                    },
                  ],
                ]),
            ),
        },
      });
    },
    async stop() {
      live?.hub.closeAll('SERVICE_STOPPING');
      await live?.stop();
    },
  };
}
