import { createServer, type Server, type ServerResponse, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@followme/platform';
import { createFakeClock, waitUntil } from '@followme/testkit';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test } from 'vitest';
import { createWebhookSender, CALL_LIMIT_MS, type SendWebhook } from './send-webhook.ts';
import type { ResolveAll } from './guarded-lookup.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const CALL = { deliveryId: 'd-1', secret: SECRET, payload: { hello: 'world' } };
const never = new AbortController().signal;

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => {
    if (server === null) resolve(null);
    else server.close(resolve);
  });
  server = null;
});

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly method: string | undefined;
  readonly body: string;
}

/** A receiver that answers as told; answers its URL and what came. */
async function receiver(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<{ url: string; port: number; received: Received[] }> {
  const received: Received[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, method: request.method, body });
      answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  // a listening TCP server has an address of this form
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/in`, port, received };
}

const deps = { clock: systemClock, userAgent: 'FollowMe/test' };
const send: SendWebhook = createWebhookSender({ ...deps, allowPrivate: true });
const sendPublic = (resolve?: ResolveAll): SendWebhook =>
  createWebhookSender({
    ...deps,
    allowPrivate: false,
    ...(resolve === undefined ? {} : { resolve }),
  });

test('NT23 one POST, which the receiver verifies', async () => {
  const { url, received } = await receiver((response) => response.end());
  expect(await send({ ...CALL, url }, never)).toEqual({
    outcome: 'delivered',
    detail: 'status 200',
  });
  expect(received).toHaveLength(1);
  const [call] = received;
  expect(call?.method).toBe('POST');
  expect(call?.headers['content-type']).toBe('application/json');
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      String(call?.headers[name]),
    ]),
  );
  expect(new Webhook(SECRET).verify(call?.body ?? '', headers)).toEqual({ hello: 'world' });
});

describe('NT19 the status decides', () => {
  test.each([
    [204, 'delivered'],
    [400, 'failed'],
    [401, 'failed'],
    [404, 'failed'],
    [410, 'refused'],
    [429, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
  ])('%i is %s', async (status, outcome) => {
    const { url } = await receiver((response) => response.writeHead(status).end());
    expect(await send({ ...CALL, url }, never)).toEqual({ outcome, detail: `status ${status}` });
  });
});

describe('NT25 a redirect', () => {
  test('is not followed and is named, without what may be secret in it', async () => {
    const { url, received } = await receiver((response) =>
      response.writeHead(307, { location: 'http://10.0.0.1:9/secret?token=1' }).end(),
    );
    expect(await send({ ...CALL, url }, never)).toEqual({
      outcome: 'failed',
      detail: 'status 307: it redirects to http://10.0.0.1:9, redirects are not followed',
    });
    expect(received).toHaveLength(1);
  });
  test('to another path of the same host is not followed either', async () => {
    const { url, received } = await receiver((response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    expect((await send({ ...CALL, url }, never)).detail).toContain('another path');
    expect(received).toHaveLength(1);
  });
});

describe('NT25 an answer', () => {
  test('without end is not read: the status line is enough', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200);
      const flood = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', flood);
      };
      flood();
    });
    expect((await send({ ...CALL, url }, never)).outcome).toBe('delivered');
    await waitUntil(() => countConnections().then((count) => count === 0), 5_000, 'hung up');
  });
  test('with a head without end is a failure', async () => {
    const { url } = await receiver((response) => {
      response.setHeader('x', 'y'.repeat(40_000));
      response.end();
    });
    expect(await send({ ...CALL, url }, never)).toEqual({
      outcome: 'failed',
      detail: 'HPE_HEADER_OVERFLOW',
    });
  });
  test('that never comes ends the call after ten seconds', async () => {
    const { url, received } = await receiver(() => undefined);
    const clock = createFakeClock();
    const calling = createWebhookSender({ ...deps, clock, allowPrivate: true })(
      { ...CALL, url },
      never,
    );
    await waitUntil(() => received.length === 1, 5_000, 'the call');
    await clock.advance(CALL_LIMIT_MS);
    expect(await calling).toEqual({ outcome: 'failed', detail: 'no answer within 10 s' });
  });
});

const countConnections = (): Promise<number> =>
  new Promise((resolve) => server?.getConnections((_, count) => resolve(count)));

describe('NT19 a call that cannot be made is a failure', () => {
  test('when nobody listens', async () => {
    const { url } = await receiver((response) => response.end());
    await new Promise((resolve) => server?.close(resolve));
    server = null;
    expect(await send({ ...CALL, url }, never)).toEqual({
      outcome: 'failed',
      detail: 'ECONNREFUSED',
    });
  });
  test('when the connection breaks', async () => {
    const { url } = await receiver((_, request) => request.socket.destroy());
    expect(await send({ ...CALL, url }, never)).toEqual({
      outcome: 'failed',
      detail: 'ECONNRESET',
    });
  });
  test('when the certificate is nobody’s we trust, or there is none', async () => {
    const { port } = await receiver((response) => response.end());
    const attempt = await send({ ...CALL, url: `https://127.0.0.1:${port}/` }, never);
    expect(attempt.outcome).toBe('failed');
  });
  test('when the service stops meanwhile', async () => {
    const { url, received } = await receiver(() => undefined);
    const stop = new AbortController();
    const calling = send({ ...CALL, url }, stop.signal);
    await waitUntil(() => received.length === 1, 5_000, 'the call');
    stop.abort();
    expect(await calling).toEqual({ outcome: 'failed', detail: 'the service stopped' });
  });
});

describe('NT24 what is not public is not called', () => {
  test('by its address', async () => {
    const { url, received } = await receiver((response) => response.end());
    expect(await sendPublic()({ ...CALL, url }, never)).toEqual({
      outcome: 'refused',
      detail: 'the address is not public',
    });
    expect(received).toEqual([]);
  });
  test('by a name that leads there, whatever it led to before', async () => {
    const { port, received } = await receiver((response) => response.end());
    const resolve: ResolveAll = (_host, _options, done) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    const url = `http://hooks.example:${port}/in`;
    expect(await sendPublic(resolve)({ ...CALL, url }, never)).toEqual({
      outcome: 'refused',
      detail: 'the name leads to an address that is not public',
    });
    expect(received).toEqual([]);
  });
});
