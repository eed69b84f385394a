/** The control center's files, and what must not be served beside them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addSecurityHeaders } from './security-headers.ts';
import { addStaticFiles } from './static-files.ts';
import './route.ts';

const LARGE = 'x'.repeat(10_000);
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
  for (const name of [
    'assets/map-engine-DhT1u75s.js',
    'assets/cities-BdixdXwK.json',
    'page.html',
  ]) {
    await writeFile(join(dist, name), LARGE);
    await writeFile(join(dist, `${name}.br`), brotliCompressSync(LARGE));
    await writeFile(join(dist, `${name}.gz`), gzipSync(LARGE));
  }
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

describe('a file with compressed copies', () => {
  const HASHED_JS = '/assets/map-engine-DhT1u75s.js';
  const FOR_EVER = 'public, max-age=31536000, immutable';
  const fetchFile = (url: string, encodings?: string) =>
    app.inject({
      url,
      headers: encodings === undefined ? {} : { 'accept-encoding': encodings },
    });

  test.each([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ])('goes to a browser that takes %s as %s, with type and cache of the file', async (...row) => {
    const [accepted, encoding, decompress] = row;
    for (const [url, type, cache] of [
      [HASHED_JS, 'javascript', FOR_EVER],
      ['/assets/cities-BdixdXwK.json', 'application/json', FOR_EVER],
      ['/page.html', 'text/html', 'no-cache'],
    ] as const) {
      const { statusCode, headers, rawPayload } = await fetchFile(url, accepted);
      expect([statusCode, headers['content-encoding']]).toEqual([200, encoding]);
      expect(headers['content-type']).toContain(type);
      expect(headers['cache-control']).toBe(cache);
      expect(headers.vary).toBe('accept-encoding');
      expect(Number(headers['content-length'])).toBe(rawPayload.length);
      expect(rawPayload.length).toBeLessThan(LARGE.length / 10);
      expect(decompress(rawPayload).toString()).toBe(LARGE);
    }
  });

  test.each([[undefined], ['identity'], ['br;q=0, gzip;q=0']])(
    'goes as it is to who takes no compression: %s',
    async (accepted) => {
      const { body, headers } = await fetchFile(HASHED_JS, accepted);
      expect(body).toBe(LARGE);
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers['cache-control']).toBe(FOR_EVER);
      expect(headers.vary).toBe('accept-encoding');
    },
  );

  test('a file without copies is sent as it is, and a missing one is missing', async () => {
    const { body, headers } = await fetchFile('/assets/index-a1b2c3d4.js', 'br, gzip');
    expect([body, headers['content-encoding']]).toEqual(['export {};', undefined]);
    expect((await fetchFile('/assets/none-a1b2c3d4.js', 'br, gzip')).statusCode).toBe(404);
  });

  test('is known again by its tag, so that it is sent once', async () => {
    const first = await fetchFile('/page.html', 'br');
    const again = await app.inject({
      url: '/page.html',
      headers: { 'accept-encoding': 'br', 'if-none-match': String(first.headers.etag) },
    });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });
});
