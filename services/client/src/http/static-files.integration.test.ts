/** The control center's files, and what must not be served beside them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addSecurityHeaders } from './security-headers.ts';
import { addStaticFiles } from './static-files.ts';
import './route.ts';

let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'followme-static-'));
  const dist = join(folder, 'dist');
  await mkdir(join(dist, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(dist, 'index.html'), '<!doctype html><title>Control center</title>');
  await writeFile(join(dist, '.env'), 'secret');
  await writeFile(join(dist, 'assets', 'index-a1b2c3d4.js'), 'export {};');
  await writeFile(join(dist, 'favicon.svg'), '<svg/>');
  app = fastify();
  addSecurityHeaders(app);
  await addStaticFiles(app, dist);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const get = (url: string, accept = 'text/html,*/*') => app.inject({ url, headers: { accept } });

describe('the control center', () => {
  test.each(['/', '/index.html', '/trackers/7', '/login?next=/'])('%s is its page', async (url) => {
    const reply = await get(url);
    expect([reply.statusCode, reply.body]).toEqual([
      200,
      expect.stringContaining('Control center'),
    ]);
    expect(reply.headers['content-type']).toContain('text/html');
    expect(reply.headers['cache-control']).toBe('no-cache');
    expect(reply.headers['content-security-policy']).toContain("worker-src 'self' blob:");
  });

  test('files named by their content are kept for ever, others are asked for again', async () => {
    const script = await get('/assets/index-a1b2c3d4.js', '*/*');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.headers['content-type']).toContain('javascript');
    expect((await get('/favicon.svg', '*/*')).headers['cache-control']).toBe('no-cache');
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/.env',
    '/secret.txt%00.html',
    '/assets/missing-a1b2c3d4.js',
    '/api/missing',
    '/api',
  ])('%s is not served', async (url) => {
    const reply = await get(url);
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    expect(reply.body).not.toContain('secret');
  });

  test('what is no page is a problem for a program that asks', async () => {
    const reply = await get('/trackers/7', 'application/json');
    expect([reply.statusCode, reply.json().code]).toEqual([404, 'ROUTE_NOT_FOUND']);
    const post = await app.inject({ method: 'POST', url: '/', headers: { accept: 'text/html' } });
    expect(post.statusCode).toBe(404);
  });
});
