/** The device port with more to do than it can: real sockets, and a log that a test can hold. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLmdbLog, type Log } from '@followme/log';
import { trustedId, type LogSequence, type TenantId, type TrackerId } from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import { encodeAaa, encodeCcc, meitrack, type MeitrackReport } from '@followme/protocols';
import { RowCursor } from '@followme/model';
import { waitUntil } from '@followme/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createLaneBatcher,
  type BatcherSettings,
  type LaneBatcher,
} from '../append/lane-batcher.ts';
import { createConnectedTrackers } from '../command/connected-trackers.ts';
import { createDeviceRegistry } from '../identify/device-registry.ts';
import { createUnknownDevices } from '../identify/unknown-devices.ts';
import { createBackPressure, type BackPressure } from './back-pressure.ts';
import { DEFAULT_LISTENER_LIMITS, listen, type Listener, type ListenerLimits } from './listener.ts';

const WAIT_MS = 20_000;
const LANES = 4;
const FLOODED = 1;
const OTHER = 2;
/** Devices 0 … 99 are of the tenant that floods, from 100 on of another. */
const DEVICES = 110;
const FIRST_OF_OTHER = 100;
const SOS = 1;

const imeiOf = (device: number): string => `86${String(device).padStart(13, '0')}`;
const senderOf = (device: number) => ({ imei: imeiOf(device), flag: 'A' });

const report = (step: number, eventCode = 35): MeitrackReport => ({
  eventCode,
  fixTimeMs: Date.UTC(2026, 0, 1) + step * 1_000,
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
});

/** A frame with one record that asks for an acknowledgement. */
const ask = (device: number, step: number, eventCode = 35): Buffer =>
  encodeCcc(senderOf(device), [report(step, eventCode)], 1);

/** Many fixes nobody acknowledges. */
const flood = (device: number, fixes: number): Buffer =>
  Buffer.concat(
    Array.from({ length: fixes }, (_, step) => encodeAaa(senderOf(device), report(step))),
  );

interface Port {
  readonly listener: Listener;
  readonly batcher: LaneBatcher;
  readonly backPressure: BackPressure;
  readonly metrics: Metrics;
  /** From here on nothing is stored until `letGo`. */
  hold(): void;
  letGo(): void;
  /** Fixes in the log by tracker. */
  stored(): Promise<ReadonlyMap<number, number>>;
  drain(): Promise<void>;
}

const endings: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** A log that stores nothing while it is held. */
function holdable(log: Log): { log: Log; hold(): void; letGo(): void } {
  let gate: Promise<void> | null = null;
  let open: () => void = () => undefined;
  return {
    log: {
      ...log,
      lanes: (stream) => log.lanes(stream),
      async append(stream, lane, payload) {
        while (gate !== null) await gate;
        return log.append(stream, lane, payload);
      },
    },
    hold() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    letGo() {
      gate = null;
      open();
    },
  };
}

async function countStored(log: Log): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  const cursor = new RowCursor();
  for (let lane = 0; lane < LANES; lane += 1) {
    const id = trustedId<ReturnType<LaneBatcher['laneOf']>>(lane);
    const { last } = await log.bounds('positions', id);
    if (last === 0) continue;
    const reading = new AbortController();
    const from = trustedId<LogSequence>(1);
    for await (const record of log.read('positions', id, from, reading.signal)) {
      cursor.open(record.payload);
      while (cursor.next()) {
        const trackerId = cursor.buffer.readUInt32LE(cursor.offset + 4);
        counts.set(trackerId, (counts.get(trackerId) ?? 0) + 1);
      }
      if (record.sequence === last) reading.abort();
    }
  }
  return counts;
}

async function start(
  limits: Partial<ListenerLimits> = {},
  batches: Partial<BatcherSettings> = {},
): Promise<Port> {
  const folder = await mkdtemp(path.join(tmpdir(), 'followme-overload-'));
  const metrics = createMetrics();
  const shared = { clock: systemClock, logger: silentLogger, metrics };
  const engine = await createLmdbLog({
    ...shared,
    path: folder,
    lanes: { positions: LANES, events: LANES },
  });
  const held = holdable(engine);
  const batcher = createLaneBatcher({ ...shared, log: held.log }, batches);
  const registry = createDeviceRegistry({
    ...shared,
    source: {
      changes: async () =>
        Array.from({ length: DEVICES }, (_, device) => ({
          protocol: 'meitrack',
          identifier: imeiOf(device),
          tenantId: trustedId<TenantId>(device < FIRST_OF_OTHER ? FLOODED : OTHER),
          trackerId: trustedId<TrackerId>(device + 1),
          active: true,
        })),
    },
    laneOf: (id) => batcher.laneOf(id),
  });
  await registry.refresh();
  const backPressure = createBackPressure({ ...shared, batcher });
  const unknown = createUnknownDevices({ ...shared, sink: { note: () => Promise.resolve() } });
  const connected = createConnectedTrackers();
  const listener = await listen(
    { ...shared, protocol: meitrack, batcher, backPressure, registry, unknown, connected },
    { host: '127.0.0.1', port: 0 },
    { ...DEFAULT_LISTENER_LIMITS, ...limits },
  );
  endings.push(
    () => rm(folder, { recursive: true, force: true }),
    () => engine.close(),
    () => batcher.stop(),
    async () => {
      held.letGo();
      listener.stopReading();
      await listener.closeAll();
    },
  );
  return {
    listener,
    batcher,
    backPressure,
    metrics,
    hold: held.hold,
    letGo: held.letGo,
    stored: () => countStored(engine),
    async drain() {
      backPressure.freeze();
      listener.stopReading();
      await batcher.flush();
      await listener.closeAll();
    },
  };
}

interface Device {
  readonly socket: Socket;
  /** Acknowledgements received. */
  readonly acks: () => number;
}

async function dial(port: Port): Promise<Device> {
  const socket = connect(port.listener.port, '127.0.0.1');
  let acks = 0;
  socket.on('data', (chunk: Buffer) => {
    acks += chunk.toString('latin1').split('CCC,1*').length - 1;
  });
  socket.on('error', () => undefined);
  endings.push(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, acks: () => acks };
}

const read = (port: Port, name: string, labels?: Record<string, string>): Promise<number> =>
  port.metrics.read(`followme_tracker_${name}_total`, labels);

const sum = (counts: ReadonlyMap<number, number>): number =>
  [...counts.values()].reduce((all, count) => all + count, 0);

describe('while the log is held', () => {
  test('what devices send waits in the system, not in our memory, and nothing of it is lost', async () => {
    const limits = { fixBurst: 1_000_000 };
    const port = await start(limits, { maxPendingBytes: 100_000 });
    port.hold();
    const device = await dial(port);
    const bytes = flood(0, 20_000);
    device.socket.write(bytes);
    await waitUntil(() => port.backPressure.waiting === 1, WAIT_MS, 'the socket to wait');
    // room to read on, had it not stopped at once
    for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
    expect(await read(port, 'received_bytes')).toBeLessThan(100_000 * 4);
    expect(bytes.length).toBeGreaterThan(2_500_000);
    port.letGo();
    await waitUntil(async () => sum(await port.stored()) === 20_000, WAIT_MS, 'all of it');
    expect(await read(port, 'back_pressure', { reason: 'log' })).toBeGreaterThan(5);
  });

  test('a tenant with a flood waits, one with a single fix is read and is stored before it', async () => {
    const limits = { fixBurst: 1_000_000 };
    const port = await start(limits, { maxPendingBytes: 4_000_000 });
    port.hold();
    const flooding = await Promise.all(Array.from({ length: 8 }, () => dial(port)));
    for (const [device, { socket }] of flooding.entries()) socket.write(flood(device, 4_000));
    const flooded = port.batcher.loadOf(trustedId<TenantId>(FLOODED));
    await waitUntil(
      () => !port.batcher.mayRead(flooded) && port.backPressure.waiting > 0,
      WAIT_MS,
      'the flood to wait',
    );
    const quiet = await dial(port);
    quiet.socket.write(ask(FIRST_OF_OTHER, 0));
    const load = port.batcher.loadOf(trustedId<TenantId>(OTHER));
    await waitUntil(() => load.pendingBytes > 0, WAIT_MS, 'the fix of the other tenant');
    const ofOneFix = load.pendingBytes;
    // the first read of a connection is always let through, the second only to who may
    quiet.socket.write(ask(FIRST_OF_OTHER, 1));
    await waitUntil(() => load.pendingBytes > ofOneFix, WAIT_MS, 'its next fix');
    expect(port.batcher.mayRead(flooded)).toBe(false);
    port.letGo();
    await waitUntil(() => quiet.acks() === 2, WAIT_MS, 'its acknowledgements');
    await waitUntil(async () => sum(await port.stored()) === 8 * 4_000 + 2, WAIT_MS, 'all of it');
  });
});

describe('a device that sends faster than any does', () => {
  test('is acknowledged later; its SOS is not, and nothing is dropped', async () => {
    const port = await start({ fixesPerSecond: 0.01, fixBurst: 2 });
    const device = await dial(port);
    for (let step = 0; step < 2; step += 1) device.socket.write(ask(0, step));
    await waitUntil(() => device.acks() === 2, WAIT_MS, 'what is in its rate');
    for (let step = 2; step < 4; step += 1) device.socket.write(ask(0, step));
    await waitUntil(async () => (await read(port, 'replies_delayed')) === 2, WAIT_MS, 'a delay');
    expect(device.acks()).toBe(2);
    device.socket.write(ask(0, 4, SOS));
    await waitUntil(() => device.acks() === 5, WAIT_MS, 'all acknowledgements');
    // that of the SOS was not held back, and took those before it along
    expect(await read(port, 'replies_delayed')).toBe(2);
    expect(sum(await port.stored())).toBe(5);
  });

  test('and does not wait for answers is read in pauses, until all of it is stored', async () => {
    const port = await start({ fixesPerSecond: 2_000, fixBurst: 50 });
    const device = await dial(port);
    device.socket.write(flood(0, 2_000));
    const other = await dial(port);
    other.socket.write(ask(FIRST_OF_OTHER, 0));
    await waitUntil(() => other.acks() === 1, WAIT_MS, 'the other device');
    await waitUntil(async () => sum(await port.stored()) === 2_001, WAIT_MS, 'all of it');
    expect(await read(port, 'back_pressure', { reason: 'pace' })).toBeGreaterThan(0);
  });

  test('over several connections is one device', async () => {
    const port = await start({ fixesPerSecond: 0.01, fixBurst: 2 });
    const devices = await Promise.all([0, 1, 2, 3].map(() => dial(port)));
    const acks = (): number => devices.reduce((all, device) => all + device.acks(), 0);
    for (const [step, { socket }] of devices.slice(0, 2).entries()) socket.write(ask(0, step));
    await waitUntil(() => acks() === 2, WAIT_MS, 'what is in its rate');
    for (const [step, { socket }] of devices.slice(2).entries()) socket.write(ask(0, step + 2));
    await waitUntil(async () => (await read(port, 'replies_delayed')) === 2, WAIT_MS, 'a delay');
    expect(acks()).toBe(2);
  });

  test('gets the acknowledgements that were held back when the process drains', async () => {
    const port = await start({ fixesPerSecond: 0.01, fixBurst: 1 });
    const device = await dial(port);
    device.socket.write(ask(0, 0));
    await waitUntil(() => device.acks() === 1, WAIT_MS, 'what is in its rate');
    for (let step = 1; step < 3; step += 1) device.socket.write(ask(0, step));
    await waitUntil(async () => (await read(port, 'replies_delayed')) === 2, WAIT_MS, 'a delay');
    await port.drain();
    await waitUntil(() => device.acks() === 3, WAIT_MS, 'the acknowledgements');
  });
});

test('a stranger is read no faster than the limit, and closed when it stays one', async () => {
  const port = await start({
    strangerBytesPerSecond: 1_000,
    strangerBurstBytes: 1_000,
    identifyMs: 300,
    sweepMs: 20,
  });
  const stranger = await dial(port);
  const closed = new Promise((resolve) => stranger.socket.once('close', resolve));
  stranger.socket.write(Buffer.alloc(4_000_000, 'x'));
  await closed;
  expect(await read(port, 'received_bytes')).toBeLessThan(200_000);
  expect(await read(port, 'back_pressure', { reason: 'pace' })).toBeGreaterThan(0);
  expect(await read(port, 'connections_closed', { reason: 'notIdentified' })).toBe(1);
});

test('newcomers get in while more sockets are ready to read than a round takes, and those go on', async () => {
  const port = await start({ fixBurst: 1_000_000 });
  const busy = await Promise.all(
    Array.from({ length: 300 }, async (_, n) => ({ device: n % 100, ...(await dial(port)) })),
  );
  let isOver = false;
  // each sends again when it was acknowledged, so that nearly all have something to read all the time
  for (const { device, socket } of busy) {
    const frames = Buffer.concat([flood(device, 5), ask(device, 5)]);
    socket.on('data', () => !isOver && socket.write(frames));
    socket.write(frames);
  }
  await waitUntil(
    async () => (await read(port, 'back_pressure', { reason: 'turn' })) > 0,
    WAIT_MS,
    'turns',
  );
  const newcomers = await Promise.all(Array.from({ length: 50 }, () => dial(port)));
  for (const [n, { socket }] of newcomers.entries()) {
    socket.write(ask(FIRST_OF_OTHER + (n % 10), n));
  }
  const before = await read(port, 'fixes');
  await waitUntil(() => newcomers.every(({ acks }) => acks() === 1), WAIT_MS, 'the newcomers');
  expect(await read(port, 'fixes')).toBeGreaterThan(before);
  isOver = true;
});
