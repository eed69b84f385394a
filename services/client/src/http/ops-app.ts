/**
 * The ops port: what orchestrators and people at 3 am ask, for a process that serves nobody else over HTTP. The
 * routes are those of the client service's own port. Small bounds: whoever asks here asks little, and must not cost
 * the process its work.
 */
import type { Clock, Metrics } from '@followme/platform';
import fastify, { type FastifyInstance } from 'fastify';
import { createCachedReadiness } from './cached-readiness.ts';
import { healthRoutes, type HealthDeps } from './health.ts';
import { addMetricsRoute } from './metrics.ts';
import { addSharedSchemas, registerRoutes } from './register.ts';

const MAX_CONNECTIONS = 100;
const REQUEST_LIMIT_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;
const BODY_LIMIT_BYTES = 1_024;
const MAX_HEADER_BYTES = 8 * 1024;

export interface OpsDeps extends HealthDeps {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** False until the process has come up and from the moment it is asked to stop; asked anew each time. */
  readonly isServing: () => boolean;
  readonly isStarted: () => boolean;
}

export interface OpsServer {
  /** `http://host:port`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Builds the instance, ready to listen or to be called with `inject`. */
export async function createOpsApp(deps: OpsDeps): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: REQUEST_LIMIT_MS },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  addSharedSchemas(app);
  addMetricsRoute(app, deps.metrics);
  const restOfProcess = createCachedReadiness(deps.readiness, deps.clock);
  const readiness = async () => [servingCheck(deps.isServing()), ...(await restOfProcess())];
  registerRoutes(app, new WeakMap(), healthRoutes({ ...deps, readiness }, deps.isStarted));
  await app.ready();
  return app;
}

/** What a process says of itself before it has come up and from the moment it is asked to stop. */
export function servingCheck(isServing: boolean): {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
} {
  return { name: 'serving', ok: isServing, detail: isServing ? 'takes work' : 'takes no work' };
}

/** Opens the ops port. @throws Error of the operating system when it cannot be bound. */
export async function startOpsServer(
  deps: OpsDeps,
  address: { readonly host: string; readonly port: number },
): Promise<OpsServer> {
  const app = await createOpsApp(deps);
  const url = await app.listen(address);
  return { url, stop: () => app.close() };
}
