/** The HTTP side put together: limits, headers, the gate, and every route there is. */
import type { FastifyError, FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { createCommandDesk } from '../command/command-desk.ts';
import { createCommandRate } from '../command/command-rate.ts';
import { alertRoutes } from './alert.ts';
import { addLogo, brandingRoutes } from './branding.ts';
import { createBrandings, type Brandings } from './brandings.ts';
import { commandRoutes, type CommandDeps } from './command.ts';
import { deliveryRoutes } from './delivery.ts';
import type { HttpDeps } from './deps.ts';
import { deviceAddressRoutes } from './device-address.ts';
import { eventRoutes } from './event.ts';
import { fenceRoutes } from './fence.ts';
import { fenceImportRoutes } from './fence-import.ts';
import { fencePreviewRoutes } from './fence-preview.ts';
import { addGate } from './gate.ts';
import { groupRoutes } from './group.ts';
import { healthRoutes } from './health.ts';
import { createKnownKeys, type KnownKeys } from './known-keys.ts';
import { addLeaving, type Phase } from './leaving.ts';
import { addMapFiles } from './map-files.ts';
import { addMetricsHook, addMetricsRoute } from './metrics.ts';
import { addOpenApi } from './open-api.ts';
import { createPasswordGuard, type PasswordGuard } from './password-guard.ts';
import { positionRoutes } from './position.ts';
import { problemOfError, sendProblem } from './problem.ts';
import { addSharedSchemas, BODY_LIMIT_BYTES, registerRoutes } from './register.ts';
import type { Route } from './route.ts';
import { ruleRoutes } from './rule.ts';
import { addSecurityHeaders, contentSecurityPolicy } from './security-headers.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { addStaticFiles, type PagePolicy } from './static-files.ts';
import { styleOriginOf } from './style-origin.ts';
import { trackerRoutes } from './tracker.ts';
import { unknownDeviceRoutes } from './unknown-device.ts';
import { userRoutes } from './user.ts';
import { compileValidator } from './validator.ts';
import { webhookRoutes } from './webhook.ts';

/** A request that takes longer to arrive is cut off. */
const REQUEST_LIMIT_MS = 30_000;
const HEADERS_LIMIT_MS = 10_000;
/** A connection without a request stays open this long: longer than usual load balancers keep theirs. */
const KEEP_ALIVE_MS = 65_000;
const MAX_REQUESTS_PER_SOCKET = 10_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
const MAX_CONNECTIONS = 20_000;

/** What the routes share beyond what the service takes. */
interface RouteDeps extends HttpDeps, CommandDeps {
  readonly knownKeys: KnownKeys;
  readonly brandings: Brandings;
  readonly guard: PasswordGuard;
}

/** Every route but the static files and the API's description, which add themselves. */
function allRoutes(deps: RouteDeps, isStarted: () => boolean): readonly Route[] {
  return [
    ...sessionRoutes(deps),
    ...groupRoutes(deps),
    ...trackerRoutes(deps),
    ...commandRoutes(deps),
    ...positionRoutes(deps),
    ...fenceRoutes(deps),
    ...fenceImportRoutes(deps),
    ...fencePreviewRoutes(deps),
    ...eventRoutes(deps),
    ...unknownDeviceRoutes(deps),
    ...deviceAddressRoutes(deps),
    ...userRoutes(deps),
    ...ruleRoutes(),
    ...alertRoutes(deps),
    ...deliveryRoutes(deps),
    ...webhookRoutes(deps),
    ...brandingRoutes(deps),
    ...settingsRoutes(deps),
    ...healthRoutes(deps, isStarted),
  ];
}

function createInstance(deps: HttpDeps): FastifyInstance {
  const { trustedProxies } = deps.config;
  const app = fastify({
    logger: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    connectionTimeout: 0, // sockets stay open; requests have limits of their own
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxRequestsPerSocket: MAX_REQUESTS_PER_SOCKET,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_LIMIT_MS },
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: false },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.server.maxHeadersCount = MAX_HEADERS;
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(compileValidator);
  return app;
}

/** Pages of a customer whose map lies elsewhere may fetch from there, and from nowhere else. */
function createPagePolicy({ logger }: HttpDeps, brandings: Brandings): PagePolicy {
  return async (host) => {
    try {
      const branding = await brandings.of(host);
      if (branding === null || branding === 'overloaded') return null;
      if (branding.map.kind !== 'style') return null;
      return contentSecurityPolicy(styleOriginOf(branding.map.url));
    } catch (error) {
      // the page must open without a store too, to say what is wrong; its map is the built-in one then
      logger.warn('http.pagePolicyUnknown', { error });
      return null;
    }
  };
}

/** Builds the instance, ready to listen or to be called with `inject`. */
export async function createHttpApp(
  deps: HttpDeps,
  isStarted: () => boolean,
  phase: () => Phase = () => 'serving',
): Promise<FastifyInstance> {
  const app = createInstance(deps);
  addSecurityHeaders(app);
  addMetricsHook(app, deps.metrics);
  addLeaving(app, phase);
  const knownKeys = createKnownKeys();
  const callers = addGate(app, { ...deps, knownKeys });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { code, details } = problemOfError(error);
    if (code === 'INTERNAL' || code === 'STORE_UNAVAILABLE') {
      const { method, routeOptions } = request;
      const level = code === 'INTERNAL' ? 'error' : 'warn';
      deps.logger[level]('http.requestFailed', { method, route: routeOptions.url, error });
    }
    return sendProblem(reply, code, details);
  });
  addSharedSchemas(app);
  await addOpenApi(app, deps.config.about.version);
  addMetricsRoute(app, deps.metrics);
  const brandings = createBrandings(deps);
  const desk = createCommandDesk(deps);
  const guard = createPasswordGuard(deps);
  app.addHook('onClose', async () => {
    desk.stop();
    guard.stop();
  });
  const rate = createCommandRate(deps.clock);
  const parts = { ...deps, knownKeys, brandings, desk, rate, guard };
  registerRoutes(app, callers, allRoutes(parts, isStarted));
  addLogo(app, { ...deps, brandings });
  await addMapFiles(app, deps.config.mapsDir);
  await addStaticFiles(app, deps.config.staticDir, createPagePolicy(deps, brandings));
  await app.ready();
  return app;
}
