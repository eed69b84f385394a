import { createMetrics, systemClock } from '@followme/platform';
import { afterEach, expect, test } from 'vitest';
import type { ReadinessCheck } from '../ports.ts';
import { createOpsApp, startOpsServer, type OpsDeps } from './ops-app.ts';

const about = {
  name: 'followme',
  version: '1.2.3',
  roles: ['tracker', 'geofence'],
  schemaVersion: 4,
  logFormat: 1,
} as const;

let isServing = true;
let isStarted = true;
let checks: readonly ReadinessCheck[] = [];
const deps = (): OpsDeps => ({
  clock: systemClock,
  metrics: createMetrics(),
  readiness: () => checks,
  isServing: () => isServing,
  isStarted: () => isStarted,
  config: { about: { ...about, roles: [...about.roles] } },
});
afterEach(() => {
  isServing = true;
  isStarted = true;
  checks = [];
});

test('says what runs here, and its counters', async () => {
  const app = await createOpsApp(deps());
  expect((await app.inject('/version')).json()).toEqual(about);
  const metrics = await app.inject('/metrics');
  expect(metrics.headers['content-type']).toContain('text/plain');
});

test('is alive whatever else is wrong, and ready only when everything is well', async () => {
  checks = [{ name: 'log', ok: false, detail: 'heard of 9 s ago' }];
  const app = await createOpsApp(deps());
  expect((await app.inject('/livez')).statusCode).toBe(200);
  const ready = await app.inject('/readyz');
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toEqual({
    ready: false,
    checks: [
      { name: 'serving', ok: true, detail: 'takes work' },
      { name: 'log', ok: false, detail: 'heard of 9 s ago' },
    ],
  });
});

test('is not ready from the very moment it is asked to stop, however recently it was asked before', async () => {
  const app = await createOpsApp(deps());
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  isServing = false;
  expect((await app.inject('/readyz')).statusCode).toBe(503);
  expect((await app.inject('/livez')).statusCode).toBe(200);
});

test('start-up is told apart from readiness', async () => {
  isStarted = false;
  const app = await createOpsApp(deps());
  expect((await app.inject('/startupz')).statusCode).toBe(503);
  isStarted = true;
  isServing = false;
  expect((await app.inject('/startupz')).statusCode).toBe(200);
});

test('there is nothing else on the ops port', async () => {
  const app = await createOpsApp(deps());
  for (const url of ['/', '/api/session', '/openapi.json']) {
    expect((await app.inject(url)).statusCode, url).toBe(404);
  }
});

test('it ends with connections that are kept open', async () => {
  const server = await startOpsServer(deps(), { host: '127.0.0.1', port: 0 });
  const kept = await fetch(`${server.url}/livez`);
  expect(await kept.json()).toEqual({ status: 'ok' });
  await server.stop();
  await expect(fetch(`${server.url}/livez`)).rejects.toThrow('fetch failed');
});
