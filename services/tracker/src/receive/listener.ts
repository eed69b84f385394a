/**
 * Stage "receive": the TCP port of a device family. Bounded in every direction: connections, time to name
 * a device, time for a frame to become whole, silence, and bytes held while the log is behind. When all places
 * are taken, a newcomer takes that of the stranger who has been silent about himself for longest.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock, Logger, Metrics } from '@followme/platform';
import type { Protocol } from '@followme/protocols';
import type { LaneBatcher } from '../append/lane-batcher.ts';
import type { ConnectedTrackers } from '../command/connected-trackers.ts';
import type { DeviceRegistry, KnownDevice } from '../identify/device-registry.ts';
import type { UnknownDevices } from '../identify/unknown-devices.ts';
import type { BackPressure } from './back-pressure.ts';
import { Connection, type CloseReason, type ConnectionDeps } from './connection.ts';
import { createReceiveCounters, type ReceiveCounters } from './counters.ts';
import { Pace } from './pace.ts';
import { stopReading } from './socket-reading.ts';

/** Bounds of one device port. */
export interface ListenerLimits {
  readonly maxConnections: number;
  /** Longest frame in bytes. */
  readonly maxFrameBytes: number;
  /** Silence after which a connection is closed: trackers report at least every few minutes, ms. */
  readonly idleMs: number;
  /** Longest time between the first and the last byte of a frame, ms. */
  readonly frameMs: number;
  /** Time to name a device we know, ms. */
  readonly identifyMs: number;
  /** How often the three times are looked at, ms. */
  readonly sweepMs: number;
  /** Fixes a second that a device may send for long; more is slowed, never dropped. Alarms are not counted. */
  readonly fixesPerSecond: number;
  /** Fixes a device may send at once, as after hours without a network. */
  readonly fixBurst: number;
  /** Bytes a second, and at once, of a connection that has named no device of ours. */
  readonly strangerBytesPerSecond: number;
  readonly strangerBurstBytes: number;
}

export const DEFAULT_LISTENER_LIMITS: ListenerLimits = {
  maxConnections: 15_000,
  maxFrameBytes: 10_240,
  idleMs: 900_000,
  frameMs: 30_000,
  identifyMs: 60_000,
  sweepMs: 5_000,
  fixesPerSecond: 100,
  fixBurst: 2_000,
  strangerBytesPerSecond: 4_096,
  strangerBurstBytes: 65_536,
};

/** Sockets closed per second when draining, so that devices do not all come back at once. */
const DRAIN_SOCKETS_PER_SECOND = 1_000;
const DRAIN_STEP_MS = 100;
const BACKLOG = 4_096;

export interface ListenerDeps {
  readonly protocol: Protocol;
  readonly batcher: LaneBatcher;
  readonly backPressure: BackPressure;
  readonly registry: DeviceRegistry;
  readonly unknown: UnknownDevices;
  /** Told which connection leads to which tracker. */
  readonly connected: ConnectedTrackers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** States: listening, then (`stopReading`) holding its connections without reading, then (`closeAll`) empty. */
export class Listener {
  readonly #deps: ListenerDeps;
  readonly #limits: ListenerLimits;
  readonly #counters: ReceiveCounters;
  readonly #server: Server;
  readonly #open = new Set<Connection>();
  readonly #wiring: ConnectionDeps;
  /** Of the devices that have sent anything, for as long as the registry knows them. */
  readonly #paces = new WeakMap<KnownDevice, Pace>();
  /** Connections that have not named a device of ours when last looked at, oldest first. */
  readonly #strangers = new Set<Connection>();
  #stopSweep: () => void = () => undefined;

  constructor(deps: ListenerDeps, limits: ListenerLimits) {
    this.#deps = deps;
    this.#limits = limits;
    this.#counters = createReceiveCounters(deps.metrics, deps.protocol.name);
    this.#wiring = this.#wire(deps, limits);
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
      this.#accept(socket),
    );
  }

  /** The port in use (a free one when 0 was asked for). */
  get port(): number {
    return (this.#server.address() as AddressInfo).port; // a TCP server's address is an AddressInfo
  }

  get connections(): number {
    return this.#open.size;
  }

  /** @throws Error naming host and port when it cannot be bound. */
  async start(address: { readonly host: string; readonly port: number }): Promise<void> {
    await bind(this.#server, address);
    this.#server.on('error', (error) => {
      // out of file descriptors and the like: this connection is lost, the port goes on
      this.#counters.refused.inc();
      this.#deps.logger.warn('listener.acceptFailed', {
        protocol: this.#deps.protocol.name,
        error,
      });
    });
    this.#stopSweep = this.#deps.clock.every(this.#limits.sweepMs, () => this.#sweep());
  }

  /** Stops accepting and reading; what was read goes on its way. */
  stopReading(): void {
    this.#stopSweep();
    this.#server.close();
    for (const { socket } of this.#open) stopReading(socket);
  }

  /** Closes the connections at a fixed rate, after their replies were sent. */
  async closeAll(): Promise<void> {
    let closed = 0;
    for (const connection of this.#open) {
      this.#counters.closed('draining').inc();
      connection.socket.destroySoon();
      closed += 1;
      if (closed % ((DRAIN_SOCKETS_PER_SECOND * DRAIN_STEP_MS) / 1_000) === 0) {
        await this.#deps.clock.sleep(DRAIN_STEP_MS);
      }
    }
  }

  #accept(socket: Socket): void {
    if (this.#open.size >= this.#limits.maxConnections && !this.#evictStranger()) {
      this.#counters.refused.inc();
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, this.#wiring);
    this.#open.add(connection);
    this.#strangers.add(connection);
    this.#counters.accepted.inc();
    this.#deps.backPressure.accepted();
    this.#attach(connection);
  }

  /** What all connections share: one object, not one for each. */
  #wire(deps: ListenerDeps, limits: ListenerLimits): ConnectionDeps {
    const pace = { perSecond: limits.fixesPerSecond, burst: limits.fixBurst };
    return {
      ...deps,
      counters: this.#counters,
      nowMs: () => deps.clock.nowMs(),
      maxFrameBytes: limits.maxFrameBytes,
      strangerPace: { perSecond: limits.strangerBytesPerSecond, burst: limits.strangerBurstBytes },
      paceOf: (device, nowMs) => {
        let found = this.#paces.get(device);
        if (found === undefined) {
          found = new Pace(pace, nowMs);
          this.#paces.set(device, found);
        }
        return found;
      },
    };
  }

  /** Closes the oldest connection that has named no device of ours; false when all have. */
  #evictStranger(): boolean {
    for (const connection of this.#strangers) {
      this.#strangers.delete(connection);
      if (connection.isIdentified) continue;
      this.#close(connection, 'crowdedOut');
      this.#open.delete(connection);
      return true;
    }
    return false;
  }

  #attach(connection: Connection): void {
    const { socket } = connection;
    const { backPressure } = this.#deps;
    socket.on('data', (chunk: Buffer) => {
      connection.receive(chunk);
      backPressure.afterRead(connection);
    });
    // a reset by the device is everyday life; the socket closes by itself after it
    socket.on('error', () => this.#counters.closed('error').inc());
    socket.on('close', () => {
      connection.closed();
      this.#open.delete(connection);
      this.#strangers.delete(connection);
      backPressure.forget(connection);
    });
  }

  #sweep(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const connection of this.#open) {
      const reason = connection.overdue(nowMs, this.#limits);
      if (reason !== null) this.#close(connection, reason);
    }
  }

  #close(connection: Connection, reason: CloseReason): void {
    this.#counters.closed(reason).inc();
    connection.socket.destroy();
  }
}

/**
 * Listens for one family.
 * @throws Error naming host and port when it cannot be bound.
 */
export async function listen(
  deps: ListenerDeps,
  address: { readonly host: string; readonly port: number },
  limits: ListenerLimits,
): Promise<Listener> {
  const listener = new Listener(deps, limits);
  await listener.start(address);
  return listener;
}

async function bind(server: Server, address: { host: string; port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error): void => {
      const where = `${address.host}:${address.port}`;
      reject(new Error(`Cannot listen for devices on ${where}: ${cause.message}`, { cause }));
    };
    server.once('error', fail);
    server.listen({ ...address, backlog: BACKLOG }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}
