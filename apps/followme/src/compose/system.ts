/**
 * The composition root: one process of the system, from its engines to its open ports. What starts is registered. On
 * its way out the process is not ready first and serves on for a while; then every part drains at once, so that
 * others go on with its lanes at once, and stops in reverse order: viewers, devices, the operator, the engines.
 */
import { hostname } from 'node:os';
import {
  createClientService,
  type ClientService,
  type DeviceAddress,
  type ReadinessCheck,
} from '@followme/client';
import { createFenceAnnouncer, createGeofenceService } from '@followme/geofence';
import { lanesOf } from '@followme/model';
import {
  asDrain,
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
  createRetentionStore,
  createSqlGeofenceState,
  createSqlLaneLeases,
  isRetryableFailure,
} from '@followme/store';
import { startTrackerService, type TrackerService } from '@followme/tracker';
import type { Refusal } from '../exit-code.ts';
import type { Settings } from '../settings.ts';
import { VERSION } from '../version.ts';
import { ensureMapsFolder } from './data-folder.ts';
import { startEngines, type Engines } from './engines.ts';
import { ensureFirstLogin, type FirstLogin } from './first-login.ts';
import { whyNotTogether } from './log-claim.ts';
import { watchLog, type LogWatch } from './log-watch.ts';
import { startNotification } from './notification.ts';
import { aboutOf, startOps } from './ops.ts';
import { createReadiness, engineHealth, type HealthSource } from './readiness.ts';
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

/** Longest that one part may take to stop, ms; the tracker service closes thousands of sockets at a fixed rate. */
const STOP_LIMIT_MS = 75_000;
/** Crossings that come later are not worth taking work for, s. */
const GEOFENCE_BEHIND_LIMIT_S = 30;
/** Lanes that nobody judges for longer are nobody's: a take-over is over by then, ms. */
const UNOWNED_LIMIT_MS = 10_000;
/** A working week: who logs in on Monday is still there on Friday. */
const SESSION_TTL_MS = 7 * 24 * 3_600_000;
const MAX_SOCKETS = 5_000;
/** Where each record goes over the network, to every reader apart, fixes wait longer for company (decision 0022). */
const NETWORK_BATCH_AGE_MS = 20;

/** A process that has started, with all roles it was given. */
export interface RunningSystem {
  readonly engines: Engines;
  readonly firstLogin: FirstLogin;
  /** Address of the web port; null without the client role. */
  readonly url: string | null;
  /** Address of the ops port; null when the web port answers for it. */
  readonly opsUrl: string | null;
  /** Port of each device family; empty without the tracker role. */
  readonly devicePorts: ReadonlyMap<string, number>;
  /** Resolves with the reason when the process must not go on; never otherwise. */
  readonly broken: Promise<Refusal>;
  /** Registers something that has to stop before the system does. */
  add: Lifecycle['add'];
  /**
   * Is not ready at once and serves on for `drainDelayMs`, then stops everything; what was accepted is finished
   * first. Answers whether all ended well.
   */
  stop(): Promise<boolean>;
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
    const firstLogin = await ensureFirstLogin({
      store: engines.store,
      dataFolder: settings.logUrl === null ? settings.dataFolder : null,
      wanted: settings.firstLogin,
    });
    const roles = await startRoles(shared, settings);
    logger.info('system.ready', {
      version: VERSION,
      roles: [...settings.roles],
      durability: engines.log.durability,
    });
    return {
      engines,
      firstLogin,
      url: roles.url,
      opsUrl: roles.opsUrl,
      devicePorts: roles.devicePorts,
      broken: roles.broken,
      add: (name, part) => lifecycle.add(name, part),
      async stop() {
        roles.leave();
        await systemClock.sleep(settings.drainDelayMs);
        return lifecycle.stopAll(STOP_LIMIT_MS);
      },
    };
  } catch (error) {
    await lifecycle.stopAll(STOP_LIMIT_MS);
    throw error;
  }
}

interface RunningRoles extends Pick<RunningSystem, 'url' | 'opsUrl' | 'devicePorts' | 'broken'> {
  /** From here on the process is not ready. */
  leave(): void;
}

async function startRoles(shared: Shared, settings: Settings): Promise<RunningRoles> {
  const { roles } = settings;
  const watch = startLogWatch(shared);
  const checks = new Map<string, HealthSource>([
    ['engines', engineHealth(shared.engines)],
    ['log and database', () => (watch === null ? [] : [watch.check()])],
  ]);
  const readiness = createReadiness(shared.clock, checks);
  // before the roles, which may wait long for a log that others fill: an orchestrator sees that the process lives
  const ops = await startOps({ ...shared, readiness }, settings);
  if (roles.has('geofence')) checks.set('geofence', await startGeofence(shared));
  if (roles.has('notification')) {
    checks.set('notification', await startNotification(shared, settings));
  }
  const tracker = roles.has('tracker') ? await startTracker(shared, settings) : null;
  if (tracker !== null) checks.set('tracker', () => tracker.health());
  const devicePorts = tracker?.ports ?? new Map<string, number>();
  const told = { readiness, deviceAddresses: deviceAddressesOf(settings, devicePorts) };
  const client = roles.has('client') ? await startClient(shared, settings, told) : null;
  ops?.progress('serving');
  return {
    url: client?.url ?? null,
    opsUrl: ops?.url ?? null,
    devicePorts,
    broken: watch?.broken ?? new Promise(() => undefined),
    leave() {
      ops?.progress('leaving');
      client?.service.leave();
    },
  };
}

/** A log that only this process has cannot change under it: then there is nothing to watch. */
function startLogWatch({ engines, lifecycle, ...deps }: Shared): LogWatch | null {
  if (engines.ownership.kind === 'single') return null;
  const watch = watchLog({ ...deps, look: () => whyNotTogether(engines, 'farthestLanes') });
  lifecycle.add('log watch', watch);
  return watch;
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

async function startGeofence({ engines, lifecycle, ...deps }: Shared): Promise<HealthSource> {
  const { log, store } = engines;
  const lanes = lanesOf(log.lanes('positions'));
  const service = createGeofenceService({
    ...deps,
    log,
    lanes,
    state: createSqlGeofenceState({ store }),
    leases: createSqlLaneLeases({ store, consumer: 'geofence', ownership: engines.ownership }),
    fences: createFenceSource(store),
    isRetryable: isRetryableFailure,
  });
  lifecycle.add('geofence service', asDrain(service));
  await service.start();
  const announcer = createFenceAnnouncer({
    ...deps,
    log,
    announcements: createFenceAnnouncements(store),
  });
  announcer.start();
  lifecycle.add('fence announcer', announcer);
  return async () => {
    const { records, seconds } = await service.lag();
    const isOwned = service.unownedForMs < UNOWNED_LIMIT_MS;
    const isWell = seconds < GEOFENCE_BEHIND_LIMIT_S && isOwned;
    return [
      {
        name: 'geofence',
        ok: isWell,
        detail: `${records} records, ${Math.round(seconds)} s behind`,
      },
    ];
  };
}

async function startTracker(
  { engines, lifecycle, ...deps }: Shared,
  settings: Settings,
): Promise<TrackerService> {
  const { log, store } = engines;
  const service = await startTrackerService(
    {
      ...deps,
      log,
      devices: createDeviceSource(store),
      unknownDevices: createUnknownDeviceSink(store),
      offsets: createConsumerOffsets(store),
      recorder: createRecorderStore({ ...deps, store, keptDays: settings.keep.positionDays }),
      retention: { store: createRetentionStore(store), keep: settings.keep },
      leases: createSqlLaneLeases({ store, consumer: 'recorder', ownership: engines.ownership }),
    },
    {
      host: settings.host,
      portBase: settings.devicePorts,
      protocols: PROTOCOLS,
      ...(settings.logUrl === null ? {} : { batches: { ageMs: NETWORK_BATCH_AGE_MS } }),
    },
  );
  lifecycle.add('tracker service', service);
  return service;
}

/** Ports of this process; of one without the tracker role those that the settings say. */
function deviceAddressesOf(
  { devicePorts: base }: Settings,
  ports: ReadonlyMap<string, number>,
): DeviceAddress[] {
  return PROTOCOLS.flatMap(({ name, label, portOffset }) => {
    // with base 0 each process takes free ports, and those of another are not known here
    const port = ports.get(name) ?? (base === 0 ? null : base + portOffset);
    return port === null ? [] : [{ protocol: name, label, port }];
  });
}

/** What the rest of the process tells the client service. */
interface ToldToClient {
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  readonly deviceAddresses: readonly DeviceAddress[];
}

async function startClient(
  { engines, lifecycle, ...deps }: Shared,
  settings: Settings,
  { readiness, deviceAddresses }: ToldToClient,
): Promise<{ readonly url: string; readonly service: ClientService }> {
  const { log, clientStore: store } = engines;
  if (settings.mapsFolder !== null) await ensureMapsFolder(settings.mapsFolder);
  const service = createClientService({
    ...deps,
    log,
    store,
    random: createRandom(randomToken(16)),
    liveSource: createLiveSource(store),
    tenants: createTenantResolver(store),
    provider: createProviderSource(store),
    readiness,
    config: {
      host: settings.host,
      port: settings.port,
      about: aboutOf(settings.roles, engines),
      staticDir: CONTROL_CENTER_FOLDER,
      mapsDir: settings.mapsFolder,
      sessionTtlMs: SESSION_TTL_MS,
      deviceProtocols: PROTOCOLS.map(({ name }) => name),
      deviceAddresses,
      channels: {
        mailFrom: settings.mailServer?.from ?? null,
        allowPrivateWebhooks: settings.webhookPrivateNetworks,
      },
      trustedProxies: settings.trustedProxies,
      maxSockets: MAX_SOCKETS,
    },
  });
  const { url } = await service.start();
  lifecycle.add('client service', service);
  return { url, service };
}
