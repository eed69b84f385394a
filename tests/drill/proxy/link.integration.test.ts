import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createRandom } from '@followme/platform';
import { waitUntil } from '@followme/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Link } from './link.ts';

const LIMIT_MS = 5_000;
let server: Server;
let link: Link;
let client: Socket;
let served: Socket[];
let ends: string[];

beforeEach(async () => {
  served = [];
  // ends of the sockets of one test may come during the next
  const mine: string[] = [];
  ends = mine;
  server = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => mine.push('far'));
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP server's address is of this form
  link = new Link(createRandom('link'), { host: '127.0.0.1', port });
  client = connect(await link.listen(), '127.0.0.1');
  client.on('error', () => undefined);
  client.on('close', () => mine.push('near'));
});
afterEach(async () => {
  link.cut('reset');
  client.destroy();
  for (const socket of served) socket.destroy();
  link.close();
  await new Promise((resolve) => server.close(resolve));
});

function echoes(count: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    client.on('data', (chunk) => {
      text += chunk.toString();
      if (text.length >= count) resolve(text);
    });
  });
}

const LINES = Array.from({ length: 200 }, (_, nth) => String(nth).padStart(6, '0')).join('');

describe('a link with a fault in it', () => {
  test('passes every byte in order', async () => {
    const heard = echoes(LINES.length);
    client.write(LINES);
    expect(await heard).toBe(LINES);
  });

  test('slow and lossy it passes every byte in order', async () => {
    link.enter({ kind: 'slow', latencyMs: 40, jitterMs: 40, lossPercent: 20 });
    const heard = echoes(60);
    for (let at = 0; at < 60; at += 6) client.write(LINES.slice(at, at + 6));
    expect(await heard).toBe(LINES.slice(0, 60));
  });

  test('a black hole keeps what was sent, for old and new connections, and lets it go afterwards', async () => {
    await waitUntil(() => served.length === 1, LIMIT_MS);
    link.enter({ kind: 'blackHole' });
    let early = '';
    client.on('data', (chunk) => (early += chunk.toString()));
    client.write('abc');
    await waitUntil(() => client.bytesWritten === 3, LIMIT_MS);
    expect([served.length, early]).toEqual([1, '']);
    const heard = echoes(6);
    client.write('def');
    link.enter({ kind: 'pass' });
    expect(await heard).toBe('abcdef');
  });

  test('a reset reaches both ends', async () => {
    await waitUntil(() => served.length === 1, LIMIT_MS);
    link.cut('reset');
    await waitUntil(() => ends.length === 2, LIMIT_MS);
    expect(ends.toSorted()).toEqual(['far', 'near']);
  });

  test('of a half-open connection one end hears of its end, the other nothing', async () => {
    await waitUntil(() => served.length === 1 && link.connections === 1, LIMIT_MS);
    link.cut('muteNear');
    await waitUntil(() => ends.length > 0, LIMIT_MS);
    client.write('is anybody there');
    await waitUntil(() => client.writableLength === 0, LIMIT_MS);
    expect([ends, client.destroyed]).toEqual([['far'], false]);
  });
});
