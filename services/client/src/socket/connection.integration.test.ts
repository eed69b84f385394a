/** A socket that comes when there is no place for its key. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveHub } from '../live/hub.ts';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import { openSocket } from '../testing/socket-client.ts';
import { serveConnection } from './connection.ts';

let world: ClientWorld;
beforeAll(async () => {
  world = await createClientWorld();
});
afterAll(async () => world.stop());

test('is told so, may come again, and the store is not asked', async () => {
  const counted: string[] = [];
  const store = {
    ...world.store,
    asTenant: () => Promise.reject(new Error('the store was asked')),
  };
  const deps = {
    ...world.deps,
    store,
    live: {
      hub: new LiveHub(world),
      audience: { join() {}, leave() {}, lookedAtMs: 0, stop: async () => {} },
    },
    admission: { enter: () => Promise.resolve(null) },
    seats: { take: () => null },
    count: (reason: string) => void counted.push(reason),
  };
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, wire, head) =>
    sockets.handleUpgrade(request, wire, head, (socket) => serveConnection(deps, socket, wire)),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // a listening TCP server has an address
  const { port } = server.address() as AddressInfo;
  const client = await openSocket(`http://127.0.0.1:${port}`);
  client.send({ sessionKey: world.alpha.admin.key });
  expect(await client.closed).toEqual({ code: 1013, reason: 'OVERLOADED' });
  expect(client.messages).toEqual([
    { header: 'identificationResponse', data: { success: false, code: 'OVERLOADED' } },
  ]);
  expect(counted).toEqual(['OVERLOADED']);
  await new Promise((resolve) => server.close(resolve));
});
