import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createRandom, silentLogger, systemClock } from '@followme/platform';
import { meitrack, type DecodeSink } from '@followme/protocols';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createFleet } from './fleet.ts';
import { runFleet, type RunFleetOptions, type RunningFleet } from './run-fleet.ts';

/** A server that stores what it reads; `confirms` decides whether it says so. */
class RecordingServer {
  readonly stored: string[] = [];
  /** All it read. */
  text = '';
  readonly remoteEnds: { address: string; port: number }[] = [];
  confirms = true;
  port = 0;
  readonly #sockets = new Set<Socket>();
  #close: () => Promise<void> = () => Promise.resolve();

  async listen(port = 0): Promise<void> {
    const listener = createServer((socket) => this.#serve(socket));
    await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
    this.port = (listener.address() as AddressInfo).port; // a TCP server's address is never a path
    this.#close = () => new Promise((resolve) => void listener.close(() => resolve()));
  }

  /** Writes this to every connection. */
  tell(frame: Buffer | null): void {
    for (const socket of this.#sockets) socket.write(frame ?? '');
  }

  /** Cuts all connections and listens no more. */
  async kill(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await this.#close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.remoteEnds.push({ address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
    const framer = meitrack.createFramer({ maxFrameBytes: 8_192 });
    const decoder = meitrack.createDecoder();
    let identity = '';
    const sink: DecodeSink = {
      onIdentity(buffer, start, end) {
        identity = buffer.toString('latin1', start, end);
        return true;
      },
      onFix: (draft) => void this.stored.push(`${identity} ${draft.fixTimeMs}`),
      onReply: (reply) => void (this.confirms && socket.write(reply)),
      onDropped: (reason) => expect.unreachable(`dropped ${reason}`),
      onChecksumMismatch: () => expect.unreachable('wrong checksum'),
    };
    socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1');
      framer.push(chunk, {
        onFrame: (buffer, start, end) => decoder.decode(buffer, start, end, sink),
        onSkipped: (bytes, reason) => expect.unreachable(`${bytes} bytes skipped: ${reason}`),
      });
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

const LIMIT = { timeout: 15_000, interval: 20 };
const server = new RecordingServer();
let running: RunningFleet | null = null;

afterEach(async () => {
  await running?.stop(0);
  running = null;
  await server.kill();
  server.stored.length = 0;
  server.text = '';
  server.remoteEnds.length = 0;
  server.confirms = true;
});

function start(changes: Partial<RunFleetOptions> & { count: number }): {
  fleet: RunningFleet;
  acknowledged: string[];
} {
  const { count, ...others } = changes;
  const fleet = createFleet({ count, seed: 'run', startTimeMs: systemClock.nowMs() });
  const acknowledged: string[] = [];
  const deps = { clock: systemClock, random: createRandom('run'), logger: silentLogger };
  running = runFleet(deps, {
    fleet,
    host: '127.0.0.1',
    port: server.port,
    intervalMs: 1_000,
    onAcknowledged: (index, fixTimeMs) =>
      void acknowledged.push(`${fleet.registerIdentity(index)} ${fixTimeMs}`),
    ...others,
  });
  return { fleet: running, acknowledged };
}

describe('a running fleet', () => {
  test('every tracker reports over a connection of its own, in text or in CCC as shared out', async () => {
    await server.listen();
    const { fleet } = start({ count: 40, cccShare: 0.25 });
    await vi.waitFor(() => expect(fleet.counters.sent).toBeGreaterThan(80), LIMIT);
    expect(fleet.connected()).toBe(40);
    const reporters = new Set(server.stored.map((entry) => entry.split(' ')[0]));
    expect(reporters.size).toBe(40);
    await fleet.stop();
    expect(fleet.counters).toMatchObject({ reconnects: 0, errors: 0, overflowed: 0 });
    expect(new Set(server.stored).size).toBe(server.stored.length);
    expect(server.stored).toHaveLength(fleet.counters.sent);
  });

  test('a tracker that is asked where it is reports at once, and says that it was asked', async () => {
    await server.listen();
    const { fleet } = start({ count: 2, cccShare: 0, intervalMs: 3_600_000 });
    await vi.waitFor(() => expect(fleet.connected()).toBe(2), LIMIT);
    const imei = createFleet({ count: 2, seed: 'run', startTimeMs: 0 }).registerIdentity(0);
    await vi.waitFor(() => {
      server.tell(meitrack.encodeCommand?.('locate', imei) ?? null);
      expect(server.text).toMatch(new RegExp(`,${imei},AAA,34,`));
    }, LIMIT);
    const identities = server.stored.map((entry) => entry.split(' ')[0]);
    expect(identities.filter((identity) => identity !== imei).length).toBeLessThanOrEqual(1);
  });

  test('what was acknowledged had been stored, and stopping waits for the last confirmations', async () => {
    await server.listen();
    const { fleet, acknowledged } = start({ count: 20, cccShare: 1 });
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(40), LIMIT);
    await fleet.stop();
    expect(fleet.counters.acknowledged).toBe(acknowledged.length);
    expect(acknowledged.toSorted()).toEqual(server.stored.toSorted());
    expect(fleet.heldRecords()).toBe(0);
    expect(fleet.connected()).toBe(0);
  });

  test('after the server died, CCC trackers come back and send again what was not confirmed', async () => {
    await server.listen();
    const { fleet, acknowledged } = start({ count: 10, cccShare: 1 });
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(10), LIMIT);
    server.confirms = false;
    const confirmedBefore = acknowledged.length;
    await vi.waitFor(() => expect(fleet.heldRecords()).toBeGreaterThanOrEqual(20), LIMIT);
    const { port } = server;
    await server.kill();
    await vi.waitFor(() => expect(fleet.counters.errors).toBeGreaterThanOrEqual(10), LIMIT);
    server.confirms = true;
    await server.listen(port);
    await vi.waitFor(() => expect(fleet.counters.reconnects).toBe(10), LIMIT);
    await vi.waitFor(
      () => expect(acknowledged.length).toBeGreaterThan(confirmedBefore + 20),
      LIMIT,
    );
    await fleet.stop();
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect(server.stored).toEqual(expect.arrayContaining(acknowledged));
    expect(fleet.heldRecords()).toBe(0);
  });

  test('a server that never confirms is left and tried again, and no tracker holds more than its bound', async () => {
    await server.listen();
    server.confirms = false;
    const { fleet } = start({ count: 5, cccShare: 1, confirmTimeoutMs: 300, maxHeldRecords: 2 });
    await vi.waitFor(() => expect(fleet.counters.reconnects).toBeGreaterThan(3), LIMIT);
    await vi.waitFor(() => expect(fleet.counters.overflowed).toBeGreaterThan(3), LIMIT);
    expect(fleet.heldRecords()).toBeLessThanOrEqual(5 * 3);
    expect(fleet.counters.acknowledged).toBe(0);
  });

  test('a fleet that finds no server keeps trying and stops at once when told', async () => {
    await server.listen();
    await server.kill();
    const { fleet } = start({ count: 3 });
    await vi.waitFor(() => expect(fleet.counters.errors).toBeGreaterThan(3), LIMIT);
    await fleet.stop();
    expect(fleet.connected()).toBe(0);
  });

  test.runIf(process.platform === 'linux')(
    'towards the loopback the local ends leave the ephemeral ports alone',
    async () => {
      await server.listen();
      const { fleet } = start({ count: 30 });
      await vi.waitFor(() => expect(fleet.connected()).toBe(30), LIMIT);
      for (const { address, port } of server.remoteEnds) {
        expect(address).not.toBe('127.0.0.1');
        expect(port).toBeLessThan(32_768);
      }
    },
  );

  test('two fleets that want the same local ports both get connected', async () => {
    await server.listen();
    const first = start({ count: 30 }).fleet;
    await vi.waitFor(() => expect(first.connected()).toBe(30), LIMIT);
    // the same seed of the same test begins at the same port
    const second = start({ count: 30 }).fleet;
    await vi.waitFor(() => expect(second.connected()).toBe(30), LIMIT);
    expect(second.counters.errors).toBe(0);
    await first.stop();
  });
});

test('an interval under a second is refused: the devices count whole seconds', () => {
  expect(() => start({ count: 1, intervalMs: 999 })).toThrow(RangeError);
});
