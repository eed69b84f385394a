/**
 * Stage "receive": the TCP port of a device family. Bounded in every direction: connections, time to name
 * a device, time for a frame to become whole, silence, and bytes held while the log is behind.
 */
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Clock, Logger, Metrics } from '@followme/platform';
import type { Protocol } from '@followme/protocols';
import type { LaneBatcher } from '../append/lane-batcher.ts';
import type { DeviceRegistry } from '../identify/device-registry.ts';
import type { UnknownDevices } from '../identify/unknown-devices.ts';
import type { BackPressure } from './back-pressure.ts';
import { Connection } from './connection.ts';
import { createReceiveCounters, type ReceiveCounters } from './counters.ts';

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
}

export const DEFAULT_LISTENER_LIMITS: ListenerLimits = {
  maxConnections: 15_000,
  maxFrameBytes: 10_240,
  idleMs: 900_000,
  frameMs: 30_000,
  identifyMs: 60_000,
  sweepMs: 5_000,
};

/** Sockets closed per second when draining, so that devices do not all come back at once. */
const DRAIN_SOCKETS_PER_SECOND = 500;
const BACKLOG = 4_096;

export interface Listener {
  /** The port in use (a free one when 0 was asked for). */
  readonly port: number;
  readonly connections: number;
  /** Stops accepting and reading; what was read goes on its way. */
  stopReading(): Promise<void>;
  /** Closes the connections at a fixed rate, after their replies were sent. */
  closeAll(): Promise<void>;
}

export interface ListenerDeps {
  readonly protocol: Protocol;
  readonly batcher: LaneBatcher;
  readonly backPressure: BackPressure;
  readonly registry: DeviceRegistry;
  readonly unknown: UnknownDevices;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
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
  const counters = createReceiveCounters(deps.metrics, deps.protocol.name);
  const open = new Set<Connection>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const connection = new Connection(socket, {
      ...deps,
      counters,
      nowMs: deps.clock.nowMs,
      maxFrameBytes: limits.maxFrameBytes,
    });
    open.add(connection);
    counters.accepted.inc();
    wire(connection, { open, counters, backPressure: deps.backPressure });
  });
  server.maxConnections = limits.maxConnections;
  server.on('drop', () => counters.refused.inc());
  await bind(server, address);

  const stopSweep = deps.clock.every(limits.sweepMs, () => {
    const nowMs = deps.clock.nowMs();
    for (const connection of open) {
      const reason = connection.overdue(nowMs, limits);
      if (reason === null || connection.socket.isPaused()) continue;
      counters.closed(reason).inc();
      connection.socket.destroy();
    }
  });

  return {
    port: (server.address() as AddressInfo).port, // a TCP server's address is an AddressInfo
    get connections() {
      return open.size;
    },
    async stopReading() {
      stopSweep();
      server.close();
      for (const connection of open) connection.socket.pause();
    },
    async closeAll() {
      let closed = 0;
      for (const connection of open) {
        counters.closed('draining').inc();
        connection.socket.destroySoon();
        closed += 1;
        if (closed % (DRAIN_SOCKETS_PER_SECOND / 10) === 0) await deps.clock.sleep(100);
      }
    },
  };
}

interface Wiring {
  readonly open: Set<Connection>;
  readonly counters: ReceiveCounters;
  readonly backPressure: BackPressure;
}

function wire(connection: Connection, { open, counters, backPressure }: Wiring): void {
  const { socket } = connection;
  socket.on('data', (chunk: Buffer) => {
    connection.receive(chunk);
    if (backPressure.hold(socket)) counters.backPressure.inc();
  });
  // a reset by the device is everyday life; the socket closes by itself after it
  socket.on('error', () => counters.closed('error').inc());
  socket.on('close', () => {
    open.delete(connection);
    backPressure.forget(socket);
  });
}

async function bind(server: Server, address: { host: string; port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new Error(
          `Cannot listen for devices on ${address.host}:${address.port}: ${cause.message}`,
          {
            cause,
          },
        ),
      ),
    );
    server.listen({ ...address, backlog: BACKLOG }, () => resolve());
  });
}
