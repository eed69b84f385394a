import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compressFolder } from './compress-plugin.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'followme-compress-'));
  await mkdir(join(folder, 'assets'));
});
afterEach(async () => rm(folder, { recursive: true }));

test('large text gets two copies that say the same; small files, fonts and pictures get none', async () => {
  const text = 'const a = 1;\n'.repeat(1_000);
  await writeFile(join(folder, 'assets', 'a.js'), text);
  await writeFile(join(folder, 'assets', 'font.woff2'), text);
  await writeFile(join(folder, 'assets', 'small.css'), 'a{}');
  await compressFolder(folder);
  expect((await readdir(join(folder, 'assets'))).sort()).toEqual([
    'a.js',
    'a.js.br',
    'a.js.gz',
    'font.woff2',
    'small.css',
  ]);
  const brotli = await readFile(join(folder, 'assets', 'a.js.br'));
  expect(brotli.length).toBeLessThan(text.length / 10);
  expect(brotliDecompressSync(brotli).toString()).toBe(text);
  const gzip = await readFile(join(folder, 'assets', 'a.js.gz'));
  expect(gunzipSync(gzip).toString()).toBe(text);
});

test('a second build compresses no copies again', async () => {
  await writeFile(join(folder, 'a.json'), 'x'.repeat(5_000));
  await compressFolder(folder);
  await compressFolder(folder);
  expect((await readdir(folder)).sort()).toEqual(['a.json', 'a.json.br', 'a.json.gz', 'assets']);
});
