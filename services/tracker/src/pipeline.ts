/**
 * The tracker service: the way of a position from a socket into the log, and from the log into the table.
 *
 *   receive → frame → decode → identify → validate → append → acknowledge      (this file wires them)
 *                                                     log → record             (record/recorder.ts)
 *
 * A device hears that it may forget a fix only after the append is durable.
 */
import type { Log } from '@followme/log';
import { systemClock, type Clock, type Logger, type Metrics } from '@followme/platform';
import type { Protocol } from '@followme/protocols';
import type { RecorderStore } from '@followme/store';
import { createLaneBatcher } from './append/lane-batcher.ts';
import { createDeviceRegistry, type DeviceSource } from './identify/device-registry.ts';
import { createUnknownDevices, type UnknownDeviceSink } from './identify/unknown-devices.ts';
import { createBackPressure } from './receive/back-pressure.ts';
import {
  DEFAULT_LISTENER_LIMITS,
  listen,
  type Listener,
  type ListenerLimits,
} from './receive/listener.ts';
import { startRecorder } from './record/recorder.ts';
import { startLogRetention, type ConsumerOffsets } from './retain/log-retention.ts';

/** How often the registry is compared with the store in case a broadcast was missed, ms. */
const REGISTRY_LOOK_MS = 1_000;
/** How often sightings of unknown devices go to the store, ms. */
const UNKNOWN_FLUSH_MS = 5_000;

export interface TrackerServiceDeps {
  readonly log: Log;
  readonly devices: DeviceSource;
  readonly unknownDevices: UnknownDeviceSink;
  readonly recorder: RecorderStore;
  /** How far the consumers of the log have come, so that it is trimmed behind all of them. */
  readonly offsets: ConsumerOffsets;
  readonly clock?: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lane rows. */
  readonly owner: string;
}

export interface TrackerServiceConfig {
  /** Address the device ports bind. */
  readonly host: string;
  /** A family's port is this + its offset (architecture §9); 0 takes free ports. */
  readonly portBase: number;
  readonly protocols: readonly Protocol[];
  readonly limits?: Partial<ListenerLimits>;
}

export interface TrackerService {
  /** Port of each family. */
  readonly ports: ReadonlyMap<string, number>;
  readonly connections: number;
  /** Drain: stop reading → flush → acknowledge → close sockets → commit what is read. */
  stop(): Promise<void>;
}

/** Starts recorder and device ports. @throws Error when a port is taken or the store cannot be reached. */
export async function startTrackerService(
  deps: TrackerServiceDeps,
  config: TrackerServiceConfig,
): Promise<TrackerService> {
  const clock = deps.clock ?? systemClock;
  const shared = { log: deps.log, clock, logger: deps.logger, metrics: deps.metrics };
  const batcher = createLaneBatcher(shared);
  const registry = createDeviceRegistry({
    ...shared,
    source: deps.devices,
    laneOf: (trackerId) => batcher.laneOf(trackerId),
  });
  const unknown = createUnknownDevices({ ...shared, sink: deps.unknownDevices });
  await registry.refresh();
  const recorder = await startRecorder({ ...shared, store: deps.recorder, owner: deps.owner });
  const retention = startLogRetention({ ...shared, offsets: deps.offsets });
  const backPressure = createBackPressure(batcher);
  const listeners = new Map<string, Listener>();
  for (const protocol of config.protocols) {
    const port = config.portBase === 0 ? 0 : config.portBase + protocol.portOffset;
    const limits = { ...DEFAULT_LISTENER_LIMITS, ...config.limits };
    const wiring = { ...shared, protocol, batcher, backPressure, registry, unknown };
    listeners.set(protocol.name, await listen(wiring, { host: config.host, port }, limits));
  }
  const connections = (): number =>
    [...listeners.values()].reduce((sum, listener) => sum + listener.connections, 0);
  deps.metrics.gauge('followme_tracker_connections', 'Open device connections', connections);
  deps.metrics.gauge('followme_tracker_devices', 'Devices in the registry', () => registry.size);
  deps.metrics.gauge(
    'followme_recorder_pending_records',
    'Log records read, not committed',
    () => recorder.pending,
  );

  const refresh = (): void => {
    registry.refresh().catch((error: unknown) => {
      deps.logger.warn('registry.refreshFailed', { error });
    });
  };
  const endings = [
    clock.every(REGISTRY_LOOK_MS, refresh),
    clock.every(UNKNOWN_FLUSH_MS, () => void unknown.flush()),
    deps.log.subscribe('registry', refresh),
  ];

  return {
    ports: new Map([...listeners].map(([name, listener]) => [name, listener.port])),
    get connections() {
      return connections();
    },
    async stop() {
      for (const end of endings) end();
      backPressure.freeze();
      for (const listener of listeners.values()) await listener.stopReading();
      await batcher.flush();
      for (const listener of listeners.values()) await listener.closeAll();
      await batcher.stop();
      await unknown.flush();
      await retention.stop();
      await recorder.stop();
    },
  };
}
