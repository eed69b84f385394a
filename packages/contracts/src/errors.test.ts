import { readFile } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { ERRORS, isErrorCode } from './errors.ts';
import { ProblemSchema, toProblem } from './http/problem.ts';

const documentation = new URL('../../../docs/errors.md', import.meta.url);

describe('the table of errors', () => {
  test('docs/errors.md has one row per code, with the same status, retryability and title', async () => {
    const text = await readFile(documentation, 'utf8');
    const rows = text
      .split('\n')
      .map((line) => /^\| `([A-Z_]+)` +\| (\d+) +\| (yes|no) +\| (.+?) +\|$/.exec(line))
      .filter((match) => match !== null)
      .map(([, code, status, retryable, title]) => [code, { status, retryable, title }]);
    const table = Object.entries(ERRORS).map(([code, { status, retryable, title }]) => [
      code,
      { status: String(status), retryable: retryable ? 'yes' : 'no', title },
    ]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(table));
    expect(rows).toHaveLength(table.length);
  });

  test('docs/errors.md has one row per code that only closes sockets, with its close code', async () => {
    const text = await readFile(documentation, 'utf8');
    const rows = [...text.matchAll(/^\| (1\d{3}) +\| `([A-Z_]+)`/gm)].map((m) => [
      m[2],
      Number(m[1]),
    ]);
    const codes = new Map(Object.entries(ERRORS).map(([code, { status }]) => [code, status]));
    for (const [code, status] of codes) {
      if (status >= 1_000) expect(rows).toContainEqual([code, status]);
    }
    for (const [code] of rows) expect([...codes.keys()]).toContain(code);
  });

  test('every problem of an HTTP code fits the schema of problems', () => {
    const problem = Compile(ProblemSchema);
    for (const code of Object.keys(ERRORS).filter(isErrorCode)) {
      if (ERRORS[code].status >= 600) continue;
      expect(problem.Errors(toProblem(code, { detail: 'x', path: '/a' }))).toEqual([]);
    }
  });

  test('names that objects inherit are no codes', () => {
    expect(isErrorCode('toString')).toBe(false);
    expect(isErrorCode('LOGIN_FAILED')).toBe(true);
  });
});
