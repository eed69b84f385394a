/**
 * The tracker service: the way of a position from a socket into the log, and from the log into the table.
 *
 *   receive → frame → decode → identify → validate → append → acknowledge      (this file wires them)
 *                                                     log → record             (record/recorder.ts)
 *                                                     log → retain             (retain/log-retention.ts)
 *                                                    table → retain            (retain/data-retention.ts)
 *   command → frame → socket                                                   (command/command-stage.ts)
 *
 * A device hears that it may forget a fix only after the append is durable.
 */
import type { Log } from '@followme/log';
import { SUBJECTS } from '@followme/model';
import { withDeadline, type Clock, type Logger, type Metrics } from '@followme/platform';
import type { Protocol } from '@followme/protocols';
import type { LaneLeases, RecorderStore } from '@followme/store';
import {
  createLaneBatcher,
  type BatcherSettings,
  type LaneBatcher,
} from './append/lane-batcher.ts';
import { startCommands } from './command/command-stage.ts';
import { createConnectedTrackers } from './command/connected-trackers.ts';
import {
  createDeviceRegistry,
  type DeviceRegistry,
  type DeviceSource,
} from './identify/device-registry.ts';
import {
  createUnknownDevices,
  type UnknownDevices,
  type UnknownDeviceSink,
} from './identify/unknown-devices.ts';
import { createBackPressure, type BackPressure } from './receive/back-pressure.ts';
import {
  DEFAULT_LISTENER_LIMITS,
  listen,
  type Listener,
  type ListenerLimits,
} from './receive/listener.ts';
import { Recorder } from './record/recorder.ts';
import {
  startDataRetention,
  type DataRetention,
  type DataRetentionDeps,
  type Keep,
} from './retain/data-retention.ts';
import {
  startLogRetention,
  type ConsumerOffsets,
  type LogRetention,
} from './retain/log-retention.ts';

/** How often the registry is compared with the store in case a broadcast was missed, ms. */
const REGISTRY_LOOK_MS = 1_000;
/** How often sightings of unknown devices go to the store, ms. */
const UNKNOWN_FLUSH_MS = 5_000;
/** Longest that each step of a drain may take before the next one goes on without it, ms. */
const DRAIN_STEP_LIMIT_MS = 10_000;
/** Closing 15,000 sockets at the fixed rate takes 15 s. */
const CLOSE_LIMIT_MS = 20_000;
/** A recorder that is behind for longer is not well, ms. */
const RECORDER_BEHIND_LIMIT_MS = 30_000;
/** Lanes that nobody records for longer are nobody's: a take-over is over by then, ms. */
const UNOWNED_LIMIT_MS = 10_000;

export interface TrackerServiceDeps {
  readonly log: Log;
  readonly devices: DeviceSource;
  readonly unknownDevices: UnknownDeviceSink;
  readonly recorder: RecorderStore;
  /** Of the consumer `recorder`. */
  readonly leases: LaneLeases;
  /** How far the consumers of the log have come, so that it is trimmed behind all of them. */
  readonly offsets: ConsumerOffsets;
  /** How long the tables are kept; left out, for ever. */
  readonly retention?: { readonly store: DataRetentionDeps['store']; readonly keep: Keep };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lane rows. */
  readonly owner: string;
}

export interface TrackerServiceConfig {
  /** Address the device ports bind. */
  readonly host: string;
  /** A family's port is this + its offset; 0 takes free ports. */
  readonly portBase: number;
  readonly protocols: readonly Protocol[];
  readonly limits?: Partial<ListenerLimits>;
  readonly batches?: Partial<BatcherSettings>;
}

/** One thing that must be well for this service to take work. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Made and started by `startTrackerService`; `stop` may be called once, also after a start that failed. */
export class TrackerService {
  readonly #deps: TrackerServiceDeps;
  readonly #config: TrackerServiceConfig;
  readonly #batcher: LaneBatcher;
  readonly #registry: DeviceRegistry;
  readonly #unknown: UnknownDevices;
  readonly #backPressure: BackPressure;
  readonly #recorder: Recorder;
  readonly #connected = createConnectedTrackers();
  readonly #listeners = new Map<string, Listener>();
  readonly #endings: (() => void)[] = [];
  #retention: LogRetention | null = null;
  #dataRetention: DataRetention | null = null;
  #isRecording = false;
  /** The drain that is under way or over; null before it. */
  #draining: Promise<void> | null = null;

  constructor(deps: TrackerServiceDeps, config: TrackerServiceConfig) {
    const batcher = createLaneBatcher(deps, config.batches);
    this.#deps = deps;
    this.#config = config;
    this.#batcher = batcher;
    this.#registry = createDeviceRegistry({
      ...deps,
      source: deps.devices,
      laneOf: (trackerId) => batcher.laneOf(trackerId),
    });
    this.#unknown = createUnknownDevices({ ...deps, sink: deps.unknownDevices });
    this.#backPressure = createBackPressure({ ...deps, batcher });
    this.#recorder = new Recorder({ ...deps, store: deps.recorder });
  }

  /** Port of each family. */
  get ports(): ReadonlyMap<string, number> {
    return new Map([...this.#listeners].map(([name, listener]) => [name, listener.port]));
  }

  /** Open device connections. */
  get connections(): number {
    return [...this.#listeners.values()].reduce((sum, { connections }) => sum + connections, 0);
  }

  /** What has to be well; for `/readyz`. */
  health(): readonly HealthCheck[] {
    const { lanes, unownedForMs, behindMs, pending } = this.#recorder;
    const isBroken = this.#batcher.isBroken;
    return [
      {
        name: 'tracker.append',
        ok: !isBroken,
        detail: isBroken ? 'the log takes nothing' : 'well',
      },
      {
        name: 'tracker.record',
        // lanes that other processes record are well; those that nobody records are not
        ok: unownedForMs < UNOWNED_LIMIT_MS && behindMs < RECORDER_BEHIND_LIMIT_MS,
        detail: `${pending} records of ${lanes.length} lanes wait for ${Math.round(behindMs / 1_000)} s`,
      },
    ];
  }

  /** Starts recorder and device ports. @throws Error when a port is taken or the store does not answer. */
  async start(): Promise<void> {
    await this.#registry.refresh();
    await this.#recorder.start();
    this.#isRecording = true;
    this.#retention = startLogRetention(this.#deps);
    this.#dataRetention = this.#startDataRetention();
    await this.#listen();
    this.#measure();
    const { clock, log } = this.#deps;
    const refresh = (): void => this.#refreshRegistry();
    this.#endings.push(
      clock.every(REGISTRY_LOOK_MS, refresh),
      clock.every(UNKNOWN_FLUSH_MS, () => void this.#unknown.flush()),
      log.subscribe(SUBJECTS.registry, refresh),
      startCommands({ ...this.#deps, connected: this.#connected }),
    );
  }

  /**
   * Stops accepting and reading → flushes and acknowledges → commits what is read → gives the lanes back. The
   * sockets stay open for their acknowledgements. A step that fails or hangs does not keep the ones behind it from
   * running; asked again it answers the same.
   * @throws Error naming the steps that did not end well.
   */
  drain(): Promise<void> {
    this.#draining ??= this.#drain();
    return this.#draining;
  }

  /** Drains, then closes the sockets at a fixed rate. @throws Error naming the steps that did not end well. */
  async stop(): Promise<void> {
    const drained = await this.drain().catch((error: unknown) => error);
    requireEnded([await this.#drainStep('sockets', () => this.#closeSockets(), CLOSE_LIMIT_MS)]);
    if (drained !== undefined) throw drained;
  }

  async #drain(): Promise<void> {
    for (const end of this.#endings.splice(0)) end();
    this.#backPressure.freeze();
    for (const listener of this.#listeners.values()) listener.stopReading();
    requireEnded([
      await this.#drainStep('flush', () => this.#batcher.flush()),
      await this.#drainStep('batches', () => this.#batcher.stop()),
      await this.#drainStep('recorder', async () => {
        if (this.#isRecording) await this.#recorder.stop();
      }),
      await this.#drainStep('unknown devices', () => this.#unknown.flush()),
      await this.#drainStep('retention', async () => {
        await Promise.all([this.#retention?.stop(), this.#dataRetention?.stop()]);
      }),
    ]);
  }

  async #listen(): Promise<void> {
    const { host, portBase, protocols } = this.#config;
    const limits = { ...DEFAULT_LISTENER_LIMITS, ...this.#config.limits };
    for (const protocol of protocols) {
      const port = portBase === 0 ? 0 : portBase + protocol.portOffset;
      const wiring = {
        ...this.#deps,
        protocol,
        batcher: this.#batcher,
        backPressure: this.#backPressure,
        registry: this.#registry,
        unknown: this.#unknown,
        connected: this.#connected,
      };
      this.#listeners.set(protocol.name, await listen(wiring, { host, port }, limits));
    }
  }

  #startDataRetention(): DataRetention | null {
    const { retention, log } = this.#deps;
    if (retention === undefined) return null;
    const { store, keep } = retention;
    return startDataRetention({ ...this.#deps, store, lanes: log.lanes('positions') }, keep);
  }

  #measure(): void {
    const { metrics } = this.#deps;
    const gauge = (name: string, help: string, read: () => number): void =>
      metrics.gauge(`followme_${name}`, help, read);
    gauge('tracker_connections', 'Open device connections', () => this.connections);
    gauge('tracker_devices', 'Devices in the registry', () => this.#registry.size);
    gauge(
      'recorder_pending_records',
      'Log records read, not committed',
      () => this.#recorder.pending,
    );
  }

  #refreshRegistry(): void {
    this.#registry.refresh().catch((error: unknown) => {
      this.#deps.logger.warn('registry.refreshFailed', { error });
    });
  }

  async #closeSockets(): Promise<void> {
    for (const listener of this.#listeners.values()) await listener.closeAll();
  }

  /** Answers the step's name when it did not end well. */
  async #drainStep(
    name: string,
    run: () => Promise<void>,
    limitMs: number = DRAIN_STEP_LIMIT_MS,
  ): Promise<string | null> {
    try {
      await withDeadline(this.#deps.clock, limitMs, name, run());
      return null;
    } catch (error) {
      this.#deps.logger.error('tracker.drainFailed', { step: name, error });
      return name;
    }
  }
}

function requireEnded(steps: readonly (string | null)[]): void {
  const failed = steps.filter((step) => step !== null);
  if (failed.length > 0) throw new Error(`Not ended well: ${failed.join(', ')}`);
}

/** Starts the service; what had started is stopped again when it fails. */
export async function startTrackerService(
  deps: TrackerServiceDeps,
  config: TrackerServiceConfig,
): Promise<TrackerService> {
  const service = new TrackerService(deps, config);
  try {
    await service.start();
    return service;
  } catch (error) {
    await service.stop().catch(() => undefined); // logged by its steps; the first error is what counts
    throw error;
  }
}
