/**
 * The composition root: one process of the system, from its engines to its open ports. What starts is
 * registered and stops in reverse order: viewers first, then devices, then the operator, then the engines.
 */
import { hostname } from 'node:os';
import { createClientService } from '@followme/client';
import { createFenceAnnouncer, createGeofenceService } from '@followme/geofence';
import { trustedId, type Lane } from '@followme/model';
import {
  createLifecycle,
  createLogger,
  createMetrics,
  createRandom,
  randomToken,
  systemClock,
  watchEventLoop,
  type Clock,
  type Lifecycle,
  type Logger,
  type Metrics,
} from '@followme/platform';
import { PROTOCOLS } from '@followme/protocols';
import {
  createFenceSource,
  createRecorderStore,
  createSqlGeofenceState,
  isRetryableFailure,
  type Ownership,
} from '@followme/store';
import { startTrackerService } from '@followme/tracker';
import type { Settings } from '../settings.ts';
import { VERSION } from '../version.ts';
import { startEngines, type Engines } from './engines.ts';
import { ensureFirstLogin, type FirstLogin } from './first-login.ts';
import { CONTROL_CENTER_FOLDER } from './static-files.ts';
import {
  createConsumerOffsets,
  createDeviceSource,
  createFenceAnnouncements,
  createLiveSource,
  createProviderSource,
  createTenantResolver,
  createUnknownDeviceSink,
} from './store-ports.ts';

/** The data folder's lock makes this process the only one: lanes are taken at once, without leases. */
const OWNERSHIP: Ownership = { kind: 'single' };
/** Longest that one part may take to stop, ms. */
const STOP_LIMIT_MS = 20_000;
const STORE_CHECK_MS = 2_000;
/** A working week: who logs in on Monday is still there on Friday. */
const SESSION_TTL_MS = 7 * 24 * 3_600_000;
const MAX_SOCKETS = 5_000;

export interface RunningSystem {
  readonly engines: Engines;
  readonly firstLogin: FirstLogin;
  /** Address of the web port; null without the client role. */
  readonly url: string | null;
  /** Port of each device family; empty without the tracker role. */
  readonly devicePorts: ReadonlyMap<string, number>;
  /** Registers something that has to stop before the system does. */
  add: Lifecycle['add'];
  /** Stops everything; what was accepted is finished first. */
  stop(): Promise<void>;
}

interface Shared {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  readonly engines: Engines;
  /** Names this process in the lane rows. */
  readonly owner: string;
}

/**
 * Starts engines and roles.
 * @throws Error with one sentence for people; what had started is stopped again.
 */
export async function startSystem(settings: Settings): Promise<RunningSystem> {
  const logger = createLogger(settings.logLevel);
  const metrics = createMetrics();
  const lifecycle = createLifecycle({ clock: systemClock, logger });
  try {
    watchProcess(metrics, lifecycle);
    const deps = { clock: systemClock, logger, metrics, lifecycle };
    const engines = await startEngines(deps, settings);
    const shared = { ...deps, engines, owner: `${hostname()}/${process.pid}/${randomToken(6)}` };
    const firstLogin = await ensureFirstLogin(engines.store, settings.dataFolder);
    const { roles } = settings;
    if (roles.has('geofence')) await startGeofence(shared);
    const devicePorts = roles.has('tracker') ? await startTracker(shared, settings) : new Map();
    const url = roles.has('client') ? await startClient(shared, settings) : null;
    logger.info('system.ready', {
      version: VERSION,
      roles: [...roles],
      durability: engines.log.durability,
    });
    return {
      engines,
      firstLogin,
      url,
      devicePorts,
      add: (name, part) => lifecycle.add(name, part),
      stop: () => lifecycle.stopAll(STOP_LIMIT_MS),
    };
  } catch (error) {
    await lifecycle.stopAll(STOP_LIMIT_MS);
    throw error;
  }
}

function watchProcess(metrics: Metrics, lifecycle: Lifecycle): void {
  const loop = watchEventLoop();
  metrics.gauge('followme_process_event_loop_delay_p99_seconds', 'Since the last scrape', () => {
    const seconds = loop.p99Ms() / 1_000;
    loop.reset();
    return seconds;
  });
  metrics.gauge('followme_process_resident_memory_bytes', 'Resident memory', () =>
    process.memoryUsage.rss(),
  );
  lifecycle.add('process watch', { stop: () => Promise.resolve(loop.stop()) });
}

async function startGeofence({ engines, lifecycle, ...deps }: Shared): Promise<void> {
  const { log, store } = engines;
  const service = createGeofenceService({
    ...deps,
    log,
    state: createSqlGeofenceState({ store, ownership: OWNERSHIP }),
    fences: createFenceSource(store),
    lanes: Array.from({ length: log.lanes('positions') }, (_, lane) => trustedId<Lane>(lane)),
    isRetryable: isRetryableFailure,
  });
  await service.start();
  lifecycle.add('geofence service', service);
  const announcer = createFenceAnnouncer({
    ...deps,
    log,
    announcements: createFenceAnnouncements(store),
  });
  announcer.start();
  lifecycle.add('fence announcer', announcer);
}

async function startTracker(
  { engines, lifecycle, ...deps }: Shared,
  settings: Settings,
): Promise<ReadonlyMap<string, number>> {
  const { log, store } = engines;
  const service = await startTrackerService(
    {
      ...deps,
      log,
      devices: createDeviceSource(store),
      unknownDevices: createUnknownDeviceSink(store),
      offsets: createConsumerOffsets(store),
      recorder: createRecorderStore({ ...deps, store, ownership: OWNERSHIP }),
    },
    { host: settings.host, portBase: settings.devicePorts, protocols: PROTOCOLS },
  );
  lifecycle.add('tracker service', service);
  return service.ports;
}

async function startClient(
  { engines, lifecycle, ...deps }: Shared,
  settings: Settings,
): Promise<string> {
  const { log, store } = engines;
  const service = createClientService({
    ...deps,
    log,
    store,
    random: createRandom(randomToken(16)),
    liveSource: createLiveSource(store),
    tenants: createTenantResolver(store),
    provider: createProviderSource(store),
    readiness: async () => [await checkStore(engines)],
    config: {
      host: settings.host,
      port: settings.port,
      version: VERSION,
      staticDir: CONTROL_CENTER_FOLDER,
      sessionTtlMs: SESSION_TTL_MS,
      trustedProxies: [],
      maxSockets: MAX_SOCKETS,
    },
  });
  const { url } = await service.start();
  lifecycle.add('client service', service);
  return url;
}

async function checkStore({ store }: Engines): Promise<{ name: string; ok: boolean }> {
  try {
    await store.check(STORE_CHECK_MS);
    return { name: 'store', ok: true };
  } catch {
    // the reason is in the store's own log lines; here only yes or no
    return { name: 'store', ok: false };
  }
}
