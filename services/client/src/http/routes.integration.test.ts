/** What holds for every route, taken from the API's own description: a route that is added is tested. */
import { PATTERN_WORDS } from '@followme/contracts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';
import { createKnownKeys } from './known-keys.ts';

interface Operation {
  readonly security: readonly unknown[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Record<string, unknown> }>>;
  };
  readonly responses: Readonly<Record<string, { description: string; content?: object }>>;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}
interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}
interface Listed {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The path with ids that exist nowhere. */
  readonly url: string;
  readonly operation: Operation;
}

let world: ClientWorld;
let app: FastifyInstance;
let document: OpenApiDocument;
let operations: readonly Listed[];

beforeAll(async () => {
  world = await createClientWorld();
  app = await createHttpApp(world.deps, () => true);
  document = (await app.inject('/api/openapi.json')).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      // the document lists what we registered, and we register these four
      method: method.toUpperCase() as Listed['method'],
      path,
      url: path.replaceAll(/\{\w+\}/g, '2000000000'),
      operation,
    })),
  );
});
afterAll(async () => {
  await app.close();
  await world.stop();
});

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const guarded = () => operations.filter(({ operation }) => operation.security.length > 0);
const withBody = () => operations.filter(({ operation }) => operation.requestBody !== undefined);
const ask = (listed: Listed, headers: Record<string, string>, payload?: string) =>
  app.inject({
    method: listed.method,
    url: listed.url,
    headers: {
      ...headers,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(payload === undefined ? {} : { payload }),
  });
const names = (listed: readonly Listed[]) => listed.map(({ method, path }) => `${method} ${path}`);

describe('the description of the API', () => {
  test('is OpenAPI 3.1 with every reference resolved, every path parameter declared', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: 'Follow Me', version: '1.2.3' });
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      (m) => m[1],
    );
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const name = /^#\/components\/schemas\/(.+)$/.exec(reference ?? '')?.[1];
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
      const declared = (operation.parameters ?? []).filter((p) => p.in === 'path');
      expect(declared.map((p) => p.name)).toEqual(inPath);
      expect(Object.keys(operation.responses)).not.toEqual([]);
      for (const response of Object.values(operation.responses)) {
        expect(response.description).not.toBe('');
      }
    }
  });

  test('lists every route that is served, with whom it lets in', () => {
    expect(names(operations).sort()).toEqual(
      [
        'POST /api/login',
        'POST /api/logout',
        'GET /api/session',
        'POST /api/session/socket-key',
        'GET /api/groups',
        'POST /api/groups',
        'GET /api/groups/{groupId}',
        'PATCH /api/groups/{groupId}',
        'DELETE /api/groups/{groupId}',
        'GET /api/trackers',
        'POST /api/trackers',
        'GET /api/trackers/{trackerId}',
        'PATCH /api/trackers/{trackerId}',
        'DELETE /api/trackers/{trackerId}',
        'POST /api/trackers/{trackerId}/commands',
        'GET /api/trackers/{trackerId}/positions',
        'GET /api/fences',
        'POST /api/fences',
        'POST /api/fences/preview',
        'GET /api/fences/{fenceId}',
        'PATCH /api/fences/{fenceId}',
        'DELETE /api/fences/{fenceId}',
        'POST /api/fence-imports',
        'GET /api/fence-imports/{importId}',
        'DELETE /api/fence-imports/{importId}',
        'POST /api/fence-imports/{importId}/places',
        'POST /api/fence-imports/{importId}/commit',
        'GET /api/events',
        'GET /api/unknown-devices',
        'GET /api/device-addresses',
        'GET /api/users',
        'POST /api/users',
        'GET /api/users/{userId}',
        'PATCH /api/users/{userId}',
        'POST /api/users/{userId}/password',
        'GET /api/colleagues',
        'GET /api/rules',
        'POST /api/rules',
        'GET /api/rules/{ruleId}',
        'PATCH /api/rules/{ruleId}',
        'DELETE /api/rules/{ruleId}',
        'GET /api/alerts',
        'GET /api/alerts/{alertId}',
        'POST /api/alerts/{alertId}/acknowledge',
        'POST /api/alerts/{alertId}/close',
        'POST /api/alerts/{alertId}/reopen',
        'POST /api/alerts/{alertId}/assign',
        'POST /api/alerts/{alertId}/comment',
        'GET /api/deliveries',
        'GET /api/deliveries/{deliveryId}',
        'POST /api/deliveries/{deliveryId}/retry',
        'GET /api/webhooks',
        'POST /api/webhooks',
        'GET /api/webhooks/{webhookId}',
        'PATCH /api/webhooks/{webhookId}',
        'DELETE /api/webhooks/{webhookId}',
        'POST /api/webhooks/{webhookId}/secret',
        'POST /api/webhooks/{webhookId}/test',
        'GET /api/channels',
        'POST /api/channels/email/test',
        'POST /api/session/password',
        'GET /api/branding',
        'GET /api/settings',
        'PATCH /api/settings',
        'POST /api/settings/logo',
        'GET /api/openapi.json',
        'GET /livez',
        'GET /readyz',
        'GET /startupz',
        'GET /version',
        'GET /metrics',
      ].sort(),
    );
    const open = operations.filter(({ operation }) => operation.security.length === 0);
    expect(names(open).sort()).toEqual([
      'GET /api/branding',
      'GET /api/openapi.json',
      'GET /livez',
      'GET /metrics',
      'GET /readyz',
      'GET /startupz',
      'GET /version',
      'POST /api/login',
    ]);
  });

  test('a route without a declaration of access cannot be added', async () => {
    const { addGate } = await import('./gate.ts');
    const { default: fastify } = await import('fastify');
    const bare = fastify();
    addGate(bare, { ...world, knownKeys: createKnownKeys() });
    expect(() => bare.get('/forgotten', () => 'x')).toThrow('declares no access');
    expect(() =>
      bare.get('/misspelt', { config: { access: 'publik' as 'public' } }, () => 'x'),
    ).toThrow('declares no access');
    await bare.close();
  });

  test('every pattern of a request has words to refuse a text with', () => {
    const bodies = JSON.stringify(withBody().map(({ operation }) => operation.requestBody));
    const patterns = [...bodies.matchAll(/"pattern":("(?:[^"\\\\]|\\\\.)*")/g)].map((m) =>
      String(JSON.parse(m[1] ?? '')),
    );
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) expect(Object.keys(PATTERN_WORDS)).toContain(pattern);
  });

  test('no request schema takes unknown fields', () => {
    for (const { operation } of withBody()) {
      for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
        expect(schema['additionalProperties']).toBe(false);
      }
    }
  });
});

describe('every route that is not public', () => {
  test('refuses a caller without a key', async () => {
    for (const listed of guarded()) {
      const reply = await ask(listed, {});
      expect([listed.path, reply.statusCode, reply.json().code]).toEqual([
        listed.path,
        401,
        'NOT_SIGNED_IN',
      ]);
      expect(reply.headers['content-type']).toContain('application/problem+json');
    }
  });

  test.each([
    ['garbage', () => 'x'],
    ['a key of nobody', () => `fm_${world.alpha.tenantId}_${'A'.repeat(43)}`],
    [
      'a key whose tenant was changed',
      () => world.alpha.admin.key.replace(/^fm_\d+_/, `fm_${world.beta.tenantId}_`),
    ],
    ['a socket key’s form', () => world.alpha.admin.key.replace('fm_', 'fk_')],
  ])('refuses %s', async (_, key) => {
    for (const listed of guarded()) {
      expect([listed.path, (await ask(listed, bearer(key()))).statusCode]).toEqual([
        listed.path,
        401,
      ]);
    }
  });

  test('refuses an expired session', async () => {
    const key = await world.openSession(world.alpha, world.alpha.admin, 1_000);
    world.moveOn(1_001);
    for (const listed of guarded()) {
      expect([listed.path, (await ask(listed, bearer(key))).statusCode]).toEqual([
        listed.path,
        401,
      ]);
    }
  });

  test('refuses changes by cookie that do not prove to come from our page', async () => {
    const cookie = `followme_session=${world.alpha.admin.key}`;
    for (const listed of guarded().filter(({ method }) => method !== 'GET')) {
      const foreign = await ask(listed, {
        cookie,
        host: 'alpha.test',
        origin: 'https://evil.test',
      });
      expect([listed.path, foreign.json().code]).toEqual([listed.path, 'CSRF_REFUSED']);
      const silent = await ask(listed, { cookie });
      expect([listed.path, silent.json().code]).toEqual([listed.path, 'CSRF_REFUSED']);
    }
  });

  test('answers a member who asks for an administrator’s work with 403, a stranger’s id with 404', async () => {
    const expected: Record<string, number> = {
      'GET /api/groups/{groupId}': 404,
      'GET /api/trackers/{trackerId}': 404,
      'GET /api/trackers/{trackerId}/positions': 404,
      'GET /api/fences/{fenceId}': 404,
      'GET /api/session': 200,
      'GET /api/groups': 200,
      'GET /api/trackers': 200,
      'GET /api/fences': 200,
      'GET /api/events': 200,
      'GET /api/device-addresses': 200,
      'GET /api/colleagues': 200,
      'GET /api/rules': 200,
      'GET /api/rules/{ruleId}': 404,
      'GET /api/alerts': 200,
      'GET /api/alerts/{alertId}': 404,
      'GET /api/channels': 200,
      'POST /api/session/password': 400,
      'POST /api/session/socket-key': 200,
      'POST /api/logout': 204,
    };
    const key = await world.openSession(world.alpha, world.alpha.member);
    const last = ({ path }: Listed) => (path === '/api/logout' ? 1 : 0);
    for (const listed of [...guarded()].sort((a, b) => last(a) - last(b))) {
      const name = `${listed.method} ${listed.path}`;
      const reply = await ask(listed, bearer(key));
      expect([name, reply.statusCode]).toEqual([name, expected[name] ?? 403]);
    }
  });
});

describe('every route that takes a body', () => {
  const admin = () => bearer(world.alpha.admin.key);

  test.each([
    ['no JSON', '{"name":', 'MALFORMED_JSON', 400],
    ['an array', '[]', 'VALIDATION_FAILED', 400],
    ['a text', '"x"', 'VALIDATION_FAILED', 400],
    ['an unknown field', '{"nonsense":1}', 'VALIDATION_FAILED', 400],
    ['a prototype', '{"__proto__":{"x":1}}', 'MALFORMED_JSON', 400],
  ])('refuses %s', async (_, payload, code, status) => {
    for (const listed of withBody()) {
      const reply = await ask(listed, admin(), payload);
      expect([listed.path, reply.statusCode, reply.json().code]).toEqual([
        listed.path,
        status,
        code,
      ]);
    }
  });

  test('names the unknown field and its place', async () => {
    for (const listed of withBody()) {
      const reply = await ask(listed, admin(), '{"nonsense":1}');
      expect([listed.path, reply.json().path]).toEqual([listed.path, '/body/nonsense']);
    }
  });

  test('refuses more than it may take before reading it', async () => {
    const payload = JSON.stringify({ name: 'x'.repeat(6 * 1024 * 1024) });
    for (const listed of withBody()) {
      const reply = await ask(listed, admin(), payload);
      expect([listed.path, reply.statusCode, reply.json().code]).toEqual([
        listed.path,
        413,
        'BODY_TOO_LARGE',
      ]);
    }
  });

  test('refuses other media types', async () => {
    for (const listed of withBody()) {
      const { method, url } = listed;
      const headers = { ...admin(), 'content-type': 'text/plain' };
      const reply = await app.inject({ method, url, headers, payload: '{}' });
      expect([listed.path, reply.json().code]).toEqual([listed.path, 'MEDIA_TYPE_UNSUPPORTED']);
    }
  });
});

describe('every answer', () => {
  test('carries the security headers, refusals and unknown addresses too', async () => {
    for (const url of ['/livez', '/api/session', '/api/nowhere', '/nowhere']) {
      const { headers } = await app.inject(url);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  test('of an unknown address is a problem, not a page', async () => {
    for (const url of ['/api/nowhere', '/api', '/etc/passwd', '/..%2f..%2fetc%2fpasswd']) {
      const reply = await app.inject({ url, headers: { accept: 'text/html' } });
      expect([url, reply.statusCode, reply.json().code]).toEqual([url, 404, 'ROUTE_NOT_FOUND']);
    }
  });
});
