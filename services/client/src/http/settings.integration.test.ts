/** How a customer looks: who may change it, what a host name shows, and what maps a page may fetch. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_LOGO_BYTES } from '@followme/contracts';
import type { Store } from '@followme/store';
import { waitUntil } from '@followme/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';

/** The eight bytes every PNG begins with, and some more. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const TILES = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));

let world: ClientWorld;
let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  world = await createClientWorld();
  folder = await mkdtemp(join(tmpdir(), 'followme-maps-'));
  const mapsDir = join(folder, 'maps');
  const staticDir = join(folder, 'dist');
  await mkdir(join(mapsDir, 'folder.pmtiles'), { recursive: true });
  await mkdir(staticDir);
  await writeFile(join(folder, 'secret.pmtiles'), 'secret');
  await writeFile(join(mapsDir, 'utrecht (2026).pmtiles'), TILES);
  await writeFile(join(mapsDir, 'notes.txt'), 'secret');
  await writeFile(join(staticDir, 'index.html'), '<!doctype html>');
  const config = { ...world.deps.config, mapsDir, staticDir };
  app = await createHttpApp({ ...world.deps, config }, () => true);
});
afterAll(async () => {
  await app.close();
  await world.stop();
  await rm(folder, { recursive: true });
});

async function call(
  key: string,
  method: 'GET' | 'PATCH' | 'POST',
  url: string,
  payload?: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const reply = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, body: reply.json() };
}
const alpha = (method: 'GET' | 'PATCH' | 'POST', url: string, payload?: object) =>
  call(world.alpha.admin.key, method, url, payload);
const at = (host: string, url: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { host, accept: 'text/html', ...headers } });
const logoBody = (bytes: Buffer) => ({ image: bytes.toString('base64') });

describe('branding', () => {
  test('is told to everybody by host name, and a change of one customer is no other’s', async () => {
    const changed = await alpha('PATCH', '/api/settings', {
      name: ' Alpha Watch ',
      colour: '#0b7681',
      language: 'nl',
    });
    expect(changed.status).toBe(200);
    expect((await at('alpha.test', '/api/branding')).json()).toEqual({
      name: 'Alpha Watch',
      colour: '#0b7681',
      logoUrl: null,
      language: 'nl',
      map: { kind: 'builtIn' },
    });
    expect((await at('beta.test:8080', '/api/branding')).json()).toEqual({
      name: 'Tenant beta',
      colour: null,
      logoUrl: null,
      language: null,
      map: { kind: 'builtIn' },
    });
  });

  test('a name of nobody shows the provider’s', async () => {
    expect((await at('nobody.test', '/api/branding')).json().name).toBe('Alpha Watch');
  });

  test('null goes back to what we ship', async () => {
    const name = 'Beta Care';
    const { admin } = world.beta;
    expect((await call(admin.key, 'PATCH', '/api/settings', { name })).body['name']).toBe(name);
    const back = await call(admin.key, 'PATCH', '/api/settings', { name: null });
    expect(back.body['name']).toBe('Tenant beta');
  });
});

describe('settings', () => {
  test('are read and changed by administrators only', async () => {
    const { key } = world.alpha.member;
    expect((await call(key, 'GET', '/api/settings')).body['code']).toBe('ACCESS_DENIED');
    const change = await call(key, 'PATCH', '/api/settings', { name: 'Mine' });
    expect(change.body['code']).toBe('ACCESS_DENIED');
    const logo = await call(key, 'POST', '/api/settings/logo', { image: null });
    expect(logo.body['code']).toBe('ACCESS_DENIED');
  });

  test('a change made from an older version is refused', async () => {
    const { version } = (await alpha('GET', '/api/settings')).body;
    const first = await alpha('PATCH', '/api/settings', { name: 'First', ifVersion: version });
    expect(first.body['version']).toBe(Number(version) + 1);
    const second = await alpha('PATCH', '/api/settings', { name: 'Second', ifVersion: version });
    expect([second.status, second.body['code']]).toEqual([409, 'SETTINGS_CHANGED']);
    expect((await alpha('GET', '/api/settings')).body['name']).toBe('First');
  });

  test.each([
    [{ colour: 'red' }, 'VALIDATION_FAILED'],
    [{ colour: '#FFFFFF' }, 'VALIDATION_FAILED'],
    [{ name: '   ' }, 'VALIDATION_FAILED'],
    [{ language: 'de' }, 'VALIDATION_FAILED'],
    [{ map: { kind: 'file', file: '../secret.pmtiles' } }, 'VALIDATION_FAILED'],
    [{ map: { kind: 'file', file: 'elsewhere.pmtiles' } }, 'MAP_FILE_UNKNOWN'],
    [{ map: { kind: 'file', file: 'folder.pmtiles' } }, 'MAP_FILE_UNKNOWN'],
    [{ map: { kind: 'style', url: 'javascript:alert(1)' } }, 'VALIDATION_FAILED'],
    [{ map: { kind: 'style', url: 'https://a.example;script-src *' } }, 'VALIDATION_FAILED'],
    [{ map: { kind: 'style', url: 'https://me:secret@a.example/' } }, 'VALIDATION_FAILED'],
    [{ map: { kind: 'style', url: 'https://' } }, 'VALIDATION_FAILED'],
  ])('%j is refused with %s', async (change, code) => {
    const before = (await alpha('GET', '/api/settings')).body;
    const refused = await alpha('PATCH', '/api/settings', change);
    expect(refused.body['code']).toBe(code);
    expect((await alpha('GET', '/api/settings')).body).toEqual(before);
  });
});

describe('a logo', () => {
  test('is told by its bytes, kept for ever under its version, and can do nothing but be shown', async () => {
    const { status, body } = await alpha('POST', '/api/settings/logo', logoBody(PNG));
    expect([status, body['logoUrl']]).toEqual([200, `/brand/logo?v=${String(body['version'])}`]);
    const logo = await at('alpha.test', String(body['logoUrl']));
    expect(logo.rawPayload).toEqual(PNG);
    expect(logo.headers).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const known = { 'if-none-match': String(logo.headers['etag']) };
    const unchanged = await at('alpha.test', '/brand/logo', known);
    expect([unchanged.statusCode, unchanged.rawPayload.length]).toEqual([304, 0]);
    const older = await at('alpha.test', '/brand/logo?v=0');
    expect(older.headers['cache-control']).toBe('no-cache');
    expect((await at('beta.test', '/brand/logo')).statusCode).toBe(404);
    const away = await alpha('POST', '/api/settings/logo', { image: null });
    expect(away.body['logoUrl']).toBeNull();
    expect((await at('alpha.test', '/brand/logo')).statusCode).toBe(404);
  });

  test('is read once, however many strangers ask for it, and anew after a change', async () => {
    let reads = 0;
    const { store } = world.deps;
    const counting: Store = {
      ...store,
      asTenant: (id, work) => {
        reads += 1;
        return store.asTenant(id, work);
      },
    };
    const config = { ...world.deps.config };
    const other = await createHttpApp({ ...world.deps, config, store: counting }, () => true);
    await alpha('POST', '/api/settings/logo', logoBody(PNG));
    const ask = () => other.inject({ url: '/brand/logo', headers: { host: 'alpha.test' } });
    const replies = await Promise.all(Array.from({ length: 300 }, ask));
    expect(replies.every(({ rawPayload }) => rawPayload.equals(PNG))).toBe(true);
    // the look, the logo
    expect(reads).toBe(2);
    await alpha('POST', '/api/settings/logo', logoBody(Buffer.concat([PNG, PNG])));
    const longer = await waitUntil(
      async () => {
        const { rawPayload } = await ask();
        return rawPayload.length > PNG.length && rawPayload;
      },
      10_000,
      'the new logo',
    );
    expect(longer).toEqual(Buffer.concat([PNG, PNG]));
    await alpha('POST', '/api/settings/logo', { image: null });
    await other.close();
  });

  test.each([
    ['a drawing with scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a page', Buffer.from('<!doctype html>')],
    ['a GIF', Buffer.from('GIF89a')],
    ['RIFF that is no WebP', Buffer.from('RIFF0000WAVE')],
    ['one byte too much', Buffer.concat([PNG, Buffer.alloc(MAX_LOGO_BYTES + 1 - PNG.length)])],
  ])('%s is refused', async (_what, bytes) => {
    const refused = await alpha('POST', '/api/settings/logo', logoBody(bytes));
    expect([refused.status, refused.body['code']]).toEqual([422, 'IMAGE_INVALID']);
  });

  test.each([
    ['image/jpeg', Buffer.from('ffd8ffe000104a46', 'hex')],
    ['image/webp', Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1')],
    ['image/png', Buffer.concat([PNG, Buffer.alloc(MAX_LOGO_BYTES - PNG.length)])],
  ])('%s is taken, up to the limit', async (type, bytes) => {
    const { body } = await alpha('POST', '/api/settings/logo', logoBody(bytes));
    const logo = await at('alpha.test', String(body['logoUrl']));
    expect([logo.headers['content-type'], logo.rawPayload.length]).toEqual([type, bytes.length]);
  });
});

describe('street maps', () => {
  const FILE = '/maps/utrecht%20(2026).pmtiles';
  const asMember = (url: string, headers: Record<string, string> = {}) =>
    at('alpha.test', url, { authorization: `Bearer ${world.alpha.member.key}`, ...headers });

  test('files of the folder are listed, and one of them can be chosen', async () => {
    const { body } = await alpha('GET', '/api/settings');
    expect(body['mapFiles']).toEqual(['utrecht (2026).pmtiles']);
    const map = { kind: 'file', file: 'utrecht (2026).pmtiles' };
    expect((await alpha('PATCH', '/api/settings', { map })).body['map']).toEqual(map);
    const page = await at('alpha.test', '/');
    expect(page.headers['content-security-policy']).toContain("connect-src 'self';");
  });

  test('are read in ranges by whoever is signed in', async () => {
    const part = await asMember(FILE, { range: 'bytes=1000-1003' });
    expect([part.statusCode, [...part.rawPayload]]).toEqual([206, [...TILES.subarray(1000, 1004)]]);
    expect(part.headers).toMatchObject({
      'content-range': 'bytes 1000-1003/5000',
      'cache-control': 'private, max-age=3600',
      etag: expect.any(String),
    });
    expect((await asMember(FILE, { range: 'bytes=9000-9001' })).statusCode).toBe(400);
    expect((await at('alpha.test', FILE)).json().code).toBe('NOT_SIGNED_IN');
  });

  test.each([
    '/maps/notes.txt',
    '/maps/..%2fsecret.pmtiles',
    '/maps/folder.pmtiles',
    '/maps/none.pmtiles',
  ])('%s is not served', async (url) => {
    const reply = await asMember(url);
    expect([reply.statusCode, reply.body]).toEqual([404, expect.not.stringContaining('secret')]);
  });

  test('pages of a customer with a style elsewhere may fetch from there, pages of others may not', async () => {
    const url = 'https://maps.example:8443/style.json?key=abc';
    await alpha('PATCH', '/api/settings', { map: { kind: 'style', url } });
    const policyAt = async (host: string, path: string) =>
      String((await at(host, path)).headers['content-security-policy']);
    for (const path of ['/', '/index.html', '/settings/map']) {
      const policy = await policyAt('alpha.test', path);
      expect(policy).toContain("connect-src 'self' https://maps.example:8443;");
      expect(policy).toContain("img-src 'self' data: blob: https://maps.example:8443;");
      expect(policy).toContain("script-src 'self';");
      expect(await policyAt('beta.test', path)).not.toContain('maps.example');
    }
    await alpha('PATCH', '/api/settings', { map: { kind: 'builtIn' } });
    expect(await policyAt('alpha.test', '/')).not.toContain('maps.example');
  });
});
