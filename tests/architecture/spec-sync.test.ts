/** Numbered rules and tests belong together: every rule has a test that carries its id, and no id is made up. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const spec = path.join(root, 'docs/spec');

function idsIn(text: string, pattern: RegExp): Set<string> {
  return new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

function testTexts(): string[] {
  return ['packages', 'services', 'apps', 'tests'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) => entry.isFile() && /(\.test\.tsx?|contract\.ts|suite\.ts)$/.test(entry.name),
      )
      .filter((entry) => !/node_modules|dist/.test(entry.parentPath))
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8')),
  );
}

test('every rule of docs/spec stands in a test title, and every id in a title is a rule', () => {
  expect(existsSync(spec)).toBe(true);
  const rules = new Set<string>();
  for (const file of readdirSync(spec)) {
    const text = readFileSync(path.join(spec, file), 'utf8');
    for (const id of idsIn(text, /\*\*([A-Z]{2}\d+)\*\*/g)) rules.add(id);
  }
  const titled = new Set<string>();
  for (const text of testTexts()) {
    for (const id of idsIn(text, /[`'"]([A-Z]{2}\d+) \w/g)) titled.add(id);
  }
  expect(rules.size).toBeGreaterThan(0);
  expect([...rules].filter((id) => !titled.has(id))).toEqual([]);
  expect([...titled].filter((id) => !rules.has(id))).toEqual([]);
});
