import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** What `file` and everything it loads take from outside this app; types are gone when it runs. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  const statements = source.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^']+)';/gm);
  return [...statements].flatMap(([, name = '']) =>
    name.startsWith('.') ? packagesOf(path.resolve(path.dirname(file), name), seen) : [name],
  );
}

const WORKER = path.join(import.meta.dirname, 'live-worker.ts');

test('the worker loads no package: schemas would make it seven times as large', () => {
  expect(packagesOf(WORKER)).toEqual([]);
  const store = path.join(import.meta.dirname, '../alerts/alert-store.ts');
  expect(packagesOf(store)).toContain('@followme/contracts');
});

test('the worker loads no sentences', () => {
  const files = new Set<string>();
  packagesOf(WORKER, files);
  expect([...files].filter((file) => file.includes('/messages/'))).toEqual([]);
});
