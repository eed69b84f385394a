/** Real device sockets, a real log; commands come as they do from any process, by the log's broadcasts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeCommandMessage, parseCommandAnswer, type CommandAnswer } from '@followme/contracts';
import { createLmdbLog, type Log } from '@followme/log';
import { SUBJECTS, trustedId, type TenantId, type TrackerId } from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import { encodeTextFrame, meitrack, type Protocol } from '@followme/protocols';
import { waitUntil } from '@followme/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLaneBatcher } from '../append/lane-batcher.ts';
import { createDeviceRegistry, type DeviceEntry } from '../identify/device-registry.ts';
import { createUnknownDevices } from '../identify/unknown-devices.ts';
import { createBackPressure } from '../receive/back-pressure.ts';
import { DEFAULT_LISTENER_LIMITS, listen } from '../receive/listener.ts';
import { startCommands } from './command-stage.ts';
import { createConnectedTrackers, type ConnectedTrackers } from './connected-trackers.ts';

const LIMIT_MS = 10_000;
const IMEI = '861234567890123';
const QUERY = `@@L25,${IMEI},A10*68\r\n`;
const TENANT = trustedId<TenantId>(3);
const TRACKER = trustedId<TrackerId>(7);
const OWNER = 'host/1/a';

const endings: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

let log: Log;
let answers: CommandAnswer[];
beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'followme-command-'));
  const shared = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  log = await createLmdbLog({ ...shared, path: folder, lanes: { positions: 4, events: 4 } });
  answers = [];
  log.subscribe(SUBJECTS.commandReplies, (payload) => {
    const answer = parseCommandAnswer(payload);
    if (answer !== null) answers.push(answer);
  });
  endings.push(
    () => rm(folder, { recursive: true, force: true }),
    () => log.close(),
  );
});

interface Process {
  readonly port: number;
  readonly metrics: Metrics;
  readonly connected: ConnectedTrackers;
  /** What the registry learns with its next look. */
  change(entry: Partial<DeviceEntry>): Promise<void>;
}

/** The parts of a tracker process that commands pass through. */
async function startProcess(protocol: Protocol = meitrack): Promise<Process> {
  const metrics = createMetrics();
  const shared = { clock: systemClock, logger: silentLogger, metrics };
  const batcher = createLaneBatcher({ ...shared, log });
  const known: DeviceEntry = {
    protocol: 'meitrack',
    identifier: IMEI,
    tenantId: TENANT,
    trackerId: TRACKER,
    active: true,
  };
  let changes: DeviceEntry[] = [known];
  const registry = createDeviceRegistry({
    ...shared,
    source: { changes: () => Promise.resolve(changes.splice(0)) },
    laneOf: (id) => batcher.laneOf(id),
  });
  await registry.refresh();
  const connected = createConnectedTrackers();
  const unknown = createUnknownDevices({ ...shared, sink: { note: () => Promise.resolve() } });
  const listener = await listen(
    {
      ...shared,
      protocol,
      batcher,
      backPressure: createBackPressure({ ...shared, batcher }),
      registry,
      unknown,
      connected,
    },
    { host: '127.0.0.1', port: 0 },
    DEFAULT_LISTENER_LIMITS,
  );
  const endCommands = startCommands({ log, connected, metrics, owner: OWNER });
  endings.push(
    () => batcher.stop(),
    async () => {
      endCommands();
      listener.stopReading();
      await listener.closeAll();
    },
  );
  return {
    port: listener.port,
    metrics,
    connected,
    async change(entry) {
      changes = [{ ...known, ...entry }];
      await registry.refresh();
    },
  };
}

/** A device that has named itself to this process. */
async function dial(process: Process): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(process.port, '127.0.0.1');
  endings.push(() => void socket.destroy());
  const before = process.connected.newest(TRACKER);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(encodeTextFrame({ imei: IMEI, flag: 'A' }, 'AAC,1'));
  await waitUntil(() => process.connected.newest(TRACKER) !== before, LIMIT_MS, 'the device');
  await waitUntil(() => text !== '', LIMIT_MS, 'the reply to the device');
  text = '';
  return { socket, received: () => text };
}

function broadcast(message: Parameters<typeof encodeCommandMessage>[0]): void {
  log.broadcast(SUBJECTS.commands, encodeCommandMessage(message));
}
const where = { commandId: 'c1', tenantId: TENANT, trackerId: TRACKER };
const send = { ...where, type: 'send', holder: OWNER, kind: 'locate' } as const;
const answered = (count = 1) =>
  waitUntil(() => (answers.length >= count ? answers : null), LIMIT_MS, 'the answer');
/** Once a later message was answered, an earlier one was heard. */
async function afterEarlierOnes(): Promise<readonly CommandAnswer[]> {
  broadcast({ ...send, commandId: 'last', trackerId: trustedId<TrackerId>(999) });
  await waitUntil(
    () => answers.some(({ commandId }) => commandId === 'last'),
    LIMIT_MS,
    'the last',
  );
  return answers.filter(({ commandId }) => commandId !== 'last');
}

describe('a command for a tracker', () => {
  test('reaches the device of the process that holds its connection, as one whole frame', async () => {
    const process = await startProcess();
    const { received } = await dial(process);
    broadcast({ ...where, type: 'ask' });
    const [held] = await answered();
    expect(held).toMatchObject({ type: 'held', commandId: 'c1', holder: OWNER });
    broadcast(send);
    await answered(2);
    expect(answers[1]).toMatchObject({ type: 'outcome', outcome: 'sent', holder: OWNER });
    await waitUntil(() => received() === QUERY, LIMIT_MS, 'the query at the device');
    expect(await process.metrics.read('followme_tracker_commands_total', { outcome: 'sent' })).toBe(
      1,
    );
  });

  test('goes over its newest connection, and over the older one when that has closed', async () => {
    const process = await startProcess();
    const old = await dial(process);
    const young = await dial(process);
    broadcast(send);
    await waitUntil(() => young.received() === QUERY, LIMIT_MS, 'the query at the new connection');
    expect(old.received()).toBe('');
    const newest = process.connected.newest(TRACKER);
    young.socket.destroy();
    await waitUntil(() => process.connected.newest(TRACKER) !== newest, LIMIT_MS, 'the closing');
    broadcast(send);
    await waitUntil(() => old.received() === QUERY, LIMIT_MS, 'the query at the old connection');
  });

  test('is not answered by processes that hold no connection of it', async () => {
    await startProcess();
    broadcast({ ...where, type: 'ask' });
    expect(await afterEarlierOnes()).toEqual([]);
  });

  test('is not taken in the name of another customer', async () => {
    const { received } = await dial(await startProcess());
    const other = trustedId<TenantId>(4);
    broadcast({ ...where, tenantId: other, type: 'ask' });
    broadcast({ ...send, tenantId: other });
    expect(await afterEarlierOnes()).toMatchObject([{ outcome: 'gone' }]);
    expect(received()).toBe('');
  });

  test('is not sent by a process that was not chosen', async () => {
    const { received } = await dial(await startProcess());
    broadcast({ ...send, holder: 'host/2/b' });
    expect(await afterEarlierOnes()).toEqual([]);
    expect(received()).toBe('');
  });

  test('finds nobody once the connection closed or the device was retired', async () => {
    const process = await startProcess();
    const { socket } = await dial(process);
    await process.change({ active: false });
    broadcast({ ...where, type: 'ask' });
    expect(await afterEarlierOnes()).toEqual([]);
    socket.destroy();
    await waitUntil(() => process.connected.size === 0, LIMIT_MS, 'the closing');
    broadcast(send);
    expect(await afterEarlierOnes()).toMatchObject([{ type: 'outcome', outcome: 'gone' }]);
  });

  test('is refused by families that take none', async () => {
    const { encodeCommand: _, ...silent } = meitrack;
    const { received } = await dial(await startProcess(silent));
    broadcast(send);
    expect(await answered()).toMatchObject([{ type: 'outcome', outcome: 'unsupported' }]);
    expect(received()).toBe('');
  });

  test('is not piled up before a device that does not read', async () => {
    const process = await startProcess();
    const { socket } = await dial(process);
    socket.pause();
    const link = process.connected.newest(TRACKER);
    // the kernel's buffers take some megabytes before ours begin to fill
    while (link?.writeCommand(Buffer.alloc(1_000_000)) === 'sent');
    broadcast(send);
    expect(await answered()).toMatchObject([{ type: 'outcome', outcome: 'notReading' }]);
  });

  test('that cannot be read is passed over and counted', async () => {
    const { metrics } = await startProcess();
    log.broadcast(SUBJECTS.commands, Buffer.from('{"version":9}'));
    expect(await afterEarlierOnes()).toEqual([]);
    const counted = await metrics.read('followme_tracker_commands_total', {
      outcome: 'unreadable',
    });
    expect(counted).toBe(1);
  });
});
