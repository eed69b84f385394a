/**
 * The client service: what people and programs speak to. Its way, in order: the live hub loads and follows
 * (`live/`), the HTTP side is put together (`http/`), then the port opens for both HTTP and sockets
 * (`socket/`). It stops the other way round: no new work, sockets sent away at a steady rate, requests
 * under way answered, then the followers.
 */
import type { Log } from '@followme/log';
import {
  withDeadline,
  type Clock,
  type Logger,
  type Metrics,
  type Random,
} from '@followme/platform';
import type { Store } from '@followme/store';
import type { FastifyInstance } from 'fastify';
import { createHttpApp } from './http/app.ts';
import { createCachedReadiness } from './http/cached-readiness.ts';
import type { HttpConfig } from './http/deps.ts';
import type { Phase } from './http/leaving.ts';
import { servingCheck } from './http/ops-app.ts';
import { startLive, type Live } from './pipeline.ts';
import type { LiveSource, ProviderSource, Readiness, TenantResolver } from './ports.ts';
import { createSocketGate, type SocketGate } from './socket/accept.ts';

/** How long requests under way may take while stopping. */
const CLOSE_LIMIT_MS = 5_000;
/** A look at the registry that is older than this is a sign that the store does not answer. */
const LOOK_LIMIT_MS = 10_000;

export interface ClientServiceConfig extends HttpConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Sockets open at a time; more are refused with 503. */
  readonly maxSockets: number;
}

export interface ClientServiceDeps {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What spans tenants, made behind the system door by the composition root. */
  readonly liveSource: LiveSource;
  readonly tenants: TenantResolver;
  readonly provider: ProviderSource;
  /** What the rest of the process says; `/readyz` answers 200 only when all of it is well. */
  readonly readiness: Readiness;
  readonly config: ClientServiceConfig;
}

export interface ClientService {
  /** From here on it is not ready, serves everything, and every answer ends its connection. */
  leave(): void;
  /** Takes nobody new: requests under way are finished, others hear 503 with `Retry-After`. */
  drain(): Promise<void>;
  /**
   * Loads the live states and opens the port.
   * @throws the error of the store, the log or the port; nothing is left running then.
   */
  start(): Promise<{ readonly url: string }>;
  /** Sends sockets away, answers requests under way, lets go of the log. */
  stop(): Promise<void>;
}

interface Running {
  readonly app: FastifyInstance;
  readonly live: Live;
  readonly sockets: SocketGate;
}

/** What this service adds to the readiness of the process. */
function ownChecks({ live }: Pick<Running, 'live'>, clock: Clock) {
  const sinceLookMs = clock.monotonicMs() - live.audience.lookedAtMs;
  return [
    {
      name: 'client.live',
      ok: live.follower.lanesBehind === 0,
      detail: `${live.hub.trackers} trackers, ${live.follower.lanesBehind} lanes behind`,
    },
    {
      name: 'client.registry',
      ok: sinceLookMs < LOOK_LIMIT_MS,
      detail: `looked at ${Math.round(sinceLookMs / 1_000)} s ago`,
    },
  ];
}

/** Makes the service; nothing runs before `start`. */
export function createClientService(deps: ClientServiceDeps): ClientService {
  const { clock, logger, config } = deps;
  let running: Running | null = null;
  let phase: Phase = 'serving';

  const build = async (live: Live): Promise<Running> => {
    const restOfProcess = createCachedReadiness(deps.readiness, clock);
    const readiness: Readiness = async () => [
      ...(await restOfProcess()),
      ...ownChecks({ live }, clock),
      servingCheck(phase === 'serving'),
    ];
    const sockets = createSocketGate({ ...deps, live });
    const isStarted = (): boolean => running !== null;
    const app = await createHttpApp({ ...deps, readiness }, isStarted, () => phase);
    app.server.on('upgrade', (request, wire, head) => sockets.upgrade(request, wire, head));
    return { app, live, sockets };
  };

  return {
    async start() {
      if (running !== null) throw new Error('The client service has been started already');
      const live = await startLive({ ...deps, source: deps.liveSource });
      try {
        const built = await build(live);
        const url = await built.app.listen({ host: config.host, port: config.port });
        running = built;
        logger.info('client.started', { url, trackers: live.hub.trackers });
        return { url };
      } catch (error) {
        await live.stop();
        throw error;
      }
    },
    leave() {
      if (phase === 'serving') phase = 'leaving';
    },
    async drain() {
      phase = 'refusing';
      running?.sockets.refuseNew();
    },
    async stop() {
      if (running === null) return;
      const { app, live, sockets } = running;
      phase = 'refusing';
      await sockets.drain();
      try {
        await withDeadline(clock, CLOSE_LIMIT_MS, 'closing the HTTP server', app.close());
      } catch (error) {
        logger.warn('client.closeForced', { error });
        app.server.closeAllConnections();
      }
      await live.stop();
      running = null;
      logger.info('client.stopped');
    },
  };
}
