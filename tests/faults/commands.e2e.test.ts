/** A command finds the process that holds the newest connection of its tracker: real processes on one NATS. */
import { connect, type Socket } from 'node:net';
import { encodeTextFrame } from '@followme/protocols';
import {
  NATS_MISSING,
  natsProgram,
  startNats,
  startTestPostgres,
  waitUntil,
  type TestNats,
  type TestPostgres,
} from '@followme/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logIn, type Api } from '../support/api.ts';
import { startProcess, type Role, type RunningProcess } from '../support/processes.ts';

const WAIT_MS = 20_000;
const IMEI = '860000000000031';
const QUERY = new RegExp(`^@@L25,${IMEI},A10\\*[0-9A-F]{2}\r\n$`);

let nats: TestNats;
let postgres: TestPostgres;
let client: RunningProcess;
let trackers: RunningProcess[] = [];
let api: Api;
let path = '';
const sockets: Socket[] = [];

const start = (role: Role): Promise<RunningProcess> =>
  startProcess({
    roles: [role],
    log: nats.url,
    store: postgres.url,
    args: ['--log-level', 'warn'],
  });

/** A device that has named itself to this process. */
async function dial(to: RunningProcess): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(to.devicePort ?? 0, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  // asks for its time, which only a known device is told
  await waitUntil(
    async () => {
      if (text === '') socket.write(encodeTextFrame({ imei: IMEI, flag: 'A' }, 'AAC,1'));
      return text !== '';
    },
    WAIT_MS,
    'the answer to the device',
  );
  const told = text.length;
  return { socket, received: () => text.slice(told).replaceAll(/@@A\d+,\d+,AAC[^\n]*\n/g, '') };
}

/** Commands go once a second, and a process that was just killed may still be asked. */
const locate = () =>
  waitUntil(
    async () => {
      const reply = await api.request('POST', `${path}/commands`, { kind: 'locate' });
      return reply.status === 429 ? null : reply;
    },
    WAIT_MS,
    'the answer to the command',
  );

describe.skipIf(natsProgram() === null)(`a command (${NATS_MISSING})`, () => {
  beforeAll(async () => {
    [nats, postgres] = await Promise.all([startNats(), startTestPostgres()]);
    client = await start('client');
    trackers = await Promise.all([start('tracker'), start('tracker')]);
    const { email = '', password = '' } = client.login ?? {};
    api = await logIn(client.url ?? '', email, password);
    const device = { protocol: 'meitrack', identifier: IMEI };
    const tracker = { name: 'Asked', groupIds: [], device };
    const { id } = await api.must<{ id: number }>('POST', '/api/trackers', tracker);
    path = `/api/trackers/${id}`;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    for (const process of [client, ...trackers]) await process.kill();
    await nats.stop();
    await postgres.stop();
  });

  test('goes over the newest connection, in whatever process; after a kill over the one that is left', async () => {
    const [first, second] = trackers;
    if (first === undefined || second === undefined) throw new Error('Two trackers were started');
    const old = await dial(first);
    expect(await locate()).toMatchObject({ status: 202, body: { outcome: 'sent' } });
    await waitUntil(() => QUERY.test(old.received()), WAIT_MS, 'the query at the device');

    const young = await dial(second);
    expect(await locate()).toMatchObject({ status: 202 });
    await waitUntil(() => QUERY.test(young.received()), WAIT_MS, 'the query at the new connection');
    expect(old.received()).toMatch(QUERY);

    await second.kill();
    expect(await locate()).toMatchObject({ status: 202 });
    await waitUntil(
      () => old.received().split('A10').length === 3,
      WAIT_MS,
      'the query at the old connection',
    );

    old.socket.destroy();
    const answers = new Set<unknown>();
    await waitUntil(
      async () => {
        const reply = await locate();
        answers.add(reply.status);
        return JSON.stringify(reply.body).includes('TRACKER_NOT_CONNECTED');
      },
      WAIT_MS,
      'nobody holding it',
    );
    expect(answers.has(409)).toBe(true);
  });
});
