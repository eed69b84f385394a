/** Real sockets, a real log on disk; the recorder stands apart. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLmdbLog, type Log } from '@followme/log';
import {
  positionOfRow,
  RowCursor,
  trustedId,
  type Lane,
  type LogSequence,
  type Position,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import {
  encodeAaa,
  encodeCcc,
  encodeTextFrame,
  meitrack,
  type MeitrackReport,
} from '@followme/protocols';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createLaneBatcher, type BatcherSettings } from '../append/lane-batcher.ts';
import { createConnectedTrackers } from '../command/connected-trackers.ts';
import { createDeviceRegistry } from '../identify/device-registry.ts';
import { createUnknownDevices, type UnknownDeviceSighting } from '../identify/unknown-devices.ts';
import { createBackPressure } from './back-pressure.ts';
import { DEFAULT_LISTENER_LIMITS, listen, type Listener, type ListenerLimits } from './listener.ts';

const KNOWN = '861234567890123';
const STRANGER = '869999999999999';
const SENDER = { imei: KNOWN, flag: 'A' };

const report = (over: Partial<MeitrackReport> = {}): MeitrackReport => ({
  eventCode: 35,
  fixTimeMs: Date.UTC(2026, 0, 1),
  lonE6: 4_750_464,
  latE6: 52_303_345,
  valid: true,
  satellitesInUse: 9,
  gsmSignal: 20,
  speedKmh: 36,
  headingDeg: 90,
  hdopTenths: 8,
  altitudeM: 5,
  odometerM: 1_000,
  runTimeS: 60,
  cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
  ports: 0,
  batteryReading: 700,
  powerReading: 1_000,
  ...over,
});

interface Service {
  readonly log: Log;
  readonly listener: Listener;
  readonly metrics: Metrics;
  readonly sightings: UnknownDeviceSighting[];
  /** What the service does with this port when it stops. */
  drain(): Promise<void>;
  flushUnknown(): Promise<void>;
  positions(): Promise<Position[]>;
}

const endings: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function start(
  limits: Partial<ListenerLimits> = {},
  batches: Partial<BatcherSettings> = {},
): Promise<Service> {
  const folder = await mkdtemp(path.join(tmpdir(), 'followme-listener-'));
  const metrics = createMetrics();
  const shared = { clock: systemClock, logger: silentLogger, metrics };
  const log = await createLmdbLog({ ...shared, path: folder, lanes: { positions: 4, events: 4 } });
  const batcher = createLaneBatcher({ ...shared, log }, batches);
  const trackerId = trustedId<TrackerId>(7);
  const device = { protocol: 'meitrack', identifier: KNOWN, tenantId: trustedId<TenantId>(3) };
  const registry = createDeviceRegistry({
    ...shared,
    source: { changes: () => Promise.resolve([{ ...device, trackerId, active: true }]) },
    laneOf: (id) => batcher.laneOf(id),
  });
  await registry.refresh();
  const sightings: UnknownDeviceSighting[] = [];
  const unknown = createUnknownDevices({
    ...shared,
    sink: { note: async (seen) => void sightings.push(...seen) },
  });
  const listener = await listen(
    {
      ...shared,
      protocol: meitrack,
      batcher,
      backPressure: createBackPressure({ ...shared, batcher }),
      registry,
      unknown,
      connected: createConnectedTrackers(),
    },
    { host: '127.0.0.1', port: 0 },
    { ...DEFAULT_LISTENER_LIMITS, ...limits },
  );
  endings.push(
    () => rm(folder, { recursive: true, force: true }),
    () => log.close(),
    () => batcher.stop(),
    async () => {
      listener.stopReading();
      await listener.closeAll();
    },
  );
  return {
    log,
    listener,
    metrics,
    sightings,
    async drain() {
      listener.stopReading();
      await batcher.flush();
      await listener.closeAll();
    },
    flushUnknown: () => unknown.flush(),
    positions: () => positionsOf(log, batcher.laneOf(trackerId)),
  };
}

async function positionsOf(log: Log, lane: Lane): Promise<Position[]> {
  const { last } = await log.bounds('positions', lane);
  const found: Position[] = [];
  if (last === 0) return found;
  const reading = new AbortController();
  const cursor = new RowCursor();
  for await (const record of log.read(
    'positions',
    lane,
    trustedId<LogSequence>(1),
    reading.signal,
  )) {
    cursor.open(record.payload);
    while (cursor.next()) found.push(positionOfRow(cursor));
    if (record.sequence === last) reading.abort();
  }
  return found;
}

async function dial(service: Service): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(service.listener.port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  endings.push(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, received: () => Buffer.concat(chunks).toString('latin1') };
}

const closed = (socket: Socket): Promise<unknown> =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve));
const dropped = (service: Service, reason: string): Promise<number> =>
  service.metrics.read('followme_tracker_frames_dropped_total', { reason });

describe('the Meitrack port', () => {
  test('a text frame becomes a position of its tracker in the log', async () => {
    const service = await start();
    const { socket } = await dial(service);
    socket.write(encodeAaa(SENDER, report()));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(1));
    expect((await service.positions())[0]).toMatchObject({
      tenantId: 3,
      trackerId: 7,
      fixTimeMs: Date.UTC(2026, 0, 1),
      lon: 4.750464,
      lat: 52.303345,
      speedMps: 10,
      headingDeg: 90,
      valid: true,
    });
  });

  test('CCC is answered when its records are in the log, not before', async () => {
    const service = await start();
    const { socket, received } = await dial(service);
    const reports = [0, 1, 2].map((i) => report({ fixTimeMs: Date.UTC(2026, 0, 1, 0, 0, i) }));
    socket.write(encodeCcc(SENDER, reports, 3));
    await vi.waitFor(() => expect(received()).toMatch(/^@@A27,861234567890123,CCC,3\*..\r\n$/));
    // no waiting here: whoever hears the answer must find the records
    expect(await service.positions()).toHaveLength(3);
  });

  test('frames split into single bytes and merged into one write read the same', async () => {
    const service = await start();
    const frames = Buffer.concat([
      encodeAaa(SENDER, report()),
      encodeCcc(SENDER, [report({ eventCode: 1 }), report({ eventCode: 2 })], 2),
      encodeAaa(SENDER, report({ eventCode: 3 })),
    ]);
    const slow = await dial(service);
    for (const byte of frames) slow.socket.write(Buffer.from([byte]));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(4));
    const fast = await dial(service);
    fast.socket.write(frames);
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(8));
    const codes = (await service.positions()).map(({ eventCode }) => eventCode);
    expect(codes).toEqual([35, 1, 2, 3, 35, 1, 2, 3]);
  });

  test('after garbage it reads on with the next good frame and counts what it skipped', async () => {
    const service = await start();
    const { socket } = await dial(service);
    socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n$$$$$$A99999999,\u0000\u00ff'));
    socket.write(encodeAaa(SENDER, report()));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(1));
    const skipped = await service.metrics.read('followme_tracker_skipped_bytes_total');
    expect(skipped).toBeGreaterThan(20);
  });

  test('an unknown device is counted and listed; nothing of it is stored and no answer sent', async () => {
    const service = await start();
    const { socket, received } = await dial(service);
    const stranger = { imei: STRANGER, flag: 'B' };
    socket.write(encodeCcc(stranger, [report()], 1));
    socket.write(encodeAaa(stranger, report()));
    await vi.waitFor(async () => expect(await dropped(service, 'unknownDevice')).toBe(2));
    await service.flushUnknown();
    expect(service.sightings).toMatchObject([{ identifier: STRANGER, frames: 2 }]);
    expect(received()).toBe('');
    for (let lane = 0; lane < 4; lane += 1) {
      expect((await service.log.bounds('positions', trustedId<Lane>(lane))).last).toBe(0);
    }
  });

  test('a stranger on the connection of a known device is not taken for it', async () => {
    const service = await start();
    const { socket } = await dial(service);
    socket.write(encodeAaa(SENDER, report()));
    socket.write(encodeAaa({ imei: STRANGER, flag: 'B' }, report({ eventCode: 1 })));
    socket.write(encodeAaa(SENDER, report({ eventCode: 2 })));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(2));
    expect((await service.positions()).map(({ eventCode }) => eventCode)).toEqual([35, 2]);
  });

  test('who never names a device, keeps a frame open or falls silent is closed, with the reason', async () => {
    const limits = { identifyMs: 150, frameMs: 150, idleMs: 300, sweepMs: 20 };
    const service = await start(limits);
    const mute = await dial(service);
    await closed(mute.socket);
    const slow = await dial(service);
    slow.socket.write(encodeAaa(SENDER, report()));
    const trickle = setInterval(() => slow.socket.write('$'), 40);
    slow.socket.write('$$A200,');
    await closed(slow.socket);
    clearInterval(trickle);
    const silent = await dial(service);
    silent.socket.write(encodeAaa(SENDER, report({ eventCode: 4 })));
    await closed(silent.socket);
    const reasons = ['notIdentified', 'slowFrame', 'idle'];
    for (const reason of reasons) {
      const count = await service.metrics.read('followme_tracker_connections_closed_total', {
        reason,
      });
      expect(count, reason).toBe(1);
    }
  });

  test('a hostile flood harms no other connection', async () => {
    const service = await start();
    const attackers = await Promise.all(Array.from({ length: 20 }, () => dial(service)));
    for (const { socket } of attackers) {
      for (let i = 0; i < 20; i += 1) socket.write(Buffer.alloc(50_000, '$$A9999,'));
    }
    const { socket, received } = await dial(service);
    socket.write(encodeCcc(SENDER, [report()], 1));
    await vi.waitFor(() => expect(received()).toContain('CCC,1'), { timeout: 20_000 });
    expect(await service.positions()).toHaveLength(1);
  });

  test('when all places are taken, a newcomer takes that of the oldest stranger', async () => {
    const service = await start({ maxConnections: 2 });
    const device = await dial(service);
    device.socket.write(encodeAaa(SENDER, report()));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(1));
    const stranger = await dial(service);
    const newcomer = await dial(service);
    await closed(stranger.socket);
    newcomer.socket.write(encodeCcc(SENDER, [report({ eventCode: 1 })], 1));
    await vi.waitFor(() => expect(newcomer.received()).toContain('CCC,1'));
    expect(device.socket.closed).toBe(false);
    const evicted = await service.metrics.read('followme_tracker_connections_closed_total', {
      reason: 'crowdedOut',
    });
    expect(evicted).toBe(1);
  });

  test('when all places are taken by devices of ours, a newcomer is refused and counted', async () => {
    const service = await start({ maxConnections: 1 });
    const device = await dial(service);
    device.socket.write(encodeAaa(SENDER, report()));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(1));
    const newcomer = await dial(service);
    await closed(newcomer.socket);
    expect(await service.metrics.read('followme_tracker_connections_refused_total')).toBe(1);
    expect(device.socket.closed).toBe(false);
  });

  test('while the log is behind, sockets wait; nothing is lost when it comes back', async () => {
    const service = await start({}, { maxPendingBytes: 2_000 });
    const { socket, received } = await dial(service);
    const frames = Array.from({ length: 200 }, (_, i) =>
      encodeCcc(SENDER, [report({ fixTimeMs: Date.UTC(2026, 0, 1) + i * 1_000 })], 1),
    );
    for (const frame of frames) {
      socket.write(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(received().split('CCC,1*')).toHaveLength(201), {
      timeout: 20_000,
    });
    expect(await service.positions()).toHaveLength(200);
    const held = await service.metrics.read('followme_tracker_back_pressure_total');
    expect(held).toBeGreaterThan(0);
  });

  test('a drain answers what was read and closes the connections', async () => {
    const service = await start();
    const { socket, received } = await dial(service);
    socket.write(encodeCcc(SENDER, [report()], 1));
    await vi.waitFor(async () =>
      expect(await service.metrics.read('followme_tracker_fixes_total')).toBe(1),
    );
    await service.drain();
    await closed(socket);
    expect(received()).toContain('CCC,1');
  });

  test('a time from the future is replaced, flagged and kept as an attribute', async () => {
    const service = await start();
    const { socket } = await dial(service);
    const future = Date.UTC(2099, 0, 1);
    socket.write(encodeAaa(SENDER, report({ fixTimeMs: future })));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(1));
    const [position] = await service.positions();
    expect(position).toMatchObject({ timeSuspect: true, attributes: { rawFixTimeMs: future } });
    expect(position?.fixTimeMs).toBe(position?.receivedTimeMs);
  });

  test('a command that carries no position is answered or dropped without harm', async () => {
    const service = await start();
    const { socket, received } = await dial(service);
    socket.write(encodeTextFrame(SENDER, 'AAC,1'));
    socket.write(encodeTextFrame(SENDER, 'D03,OK'));
    socket.write(encodeAaa(SENDER, report()));
    await vi.waitFor(async () => expect(await service.positions()).toHaveLength(1));
    expect(received()).toContain(',AAC,1*');
  });
});
