/** How the service goes without failing anybody: seen by callers that keep their connections. */
import { Agent, request, type IncomingMessage } from 'node:http';
import { waitUntil } from '@followme/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClientService, type ClientService } from './service.ts';
import { createClientWorld, type ClientWorld } from './testing/client-world.ts';

const WAIT_MS = 10_000;

let world: ClientWorld;
let service: ClientService;
let url: string;
let agent: Agent;
/** Holds up who asks which tenant a host is. */
let gate: Promise<void> = Promise.resolve();
let waiting = 0;

beforeAll(async () => {
  world = await createClientWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  const { tenants } = world.deps;
  service = createClientService({
    ...world.deps,
    tenants: {
      async resolve(host) {
        waiting += 1;
        await gate;
        return tenants.resolve(host);
      },
    },
  });
  ({ url } = await service.start());
  agent = new Agent({ keepAlive: true });
});
afterEach(async () => {
  agent.destroy();
  gate = Promise.resolve();
  waiting = 0;
  await service.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
}

function call(path: string, body?: object): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${world.alpha.admin.key}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const asked = request(`${url}${path}`, { agent, method, headers }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers }),
      );
    });
    asked.once('error', reject);
    asked.end(text);
  });
}

describe('leaving', () => {
  test('everything is served and every answer ends its connection; /readyz says no at once', async () => {
    const before = await call('/api/session');
    expect(before).toMatchObject({ status: 200, headers: { connection: 'keep-alive' } });
    expect((await call('/readyz')).status).toBe(200);
    service.leave();
    expect((await call('/readyz')).status).toBe(503);
    const during = await call('/api/session');
    expect(during).toMatchObject({ status: 200, headers: { connection: 'close' } });
  });

  test('a request under way when the drain begins is answered; a new one hears 503 and when to come back', async () => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const underWay = call('/api/login', { email: 'nobody@alpha.test', password: 'wrong' });
    await waitUntil(() => Promise.resolve(waiting > 0), WAIT_MS);
    await service.drain();
    const late = await call('/api/session');
    expect(late).toMatchObject({
      status: 503,
      headers: { connection: 'close', 'retry-after': '1' },
    });
    expect((await call('/livez')).status).toBe(200);
    expect((await call('/readyz')).status).toBe(503);
    const stopped = service.stop();
    open();
    expect(await underWay).toMatchObject({ status: 401, headers: { connection: 'close' } });
    await stopped;
  });
});
