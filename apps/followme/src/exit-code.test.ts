import { readFileSync } from 'node:fs';
import { LogOpenError } from '@followme/log';
import { StoreError } from '@followme/store';
import { expect, test } from 'vitest';
import { EXIT, exitCodeOf, Refusal } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

test.each([
  [new UsageError('no'), 2],
  [new Refusal(EXIT.wrongData, 'no'), 65],
  [new LogOpenError('UNREACHABLE', 'no'), 69],
  [new LogOpenError('ENGINE_UNFIT', 'no'), 76],
  [new LogOpenError('NOT_ALLOWED', 'no'), 77],
  [new LogOpenError('LANES_DIFFER', 'no'), 65],
  [new StoreError('SERVER_TOO_OLD', 'no'), 76],
  [new StoreError('UNFIT_LOGIN', 'no'), 77],
  [new StoreError('MIGRATED_BY_NEWER_RELEASE', 'no'), 65],
  [new StoreError('FOLDER_IN_USE', 'no'), 1],
  [new Error('no'), 1],
])('%s ends with exit code %i', (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

test('docs/operating.md tells every exit code', () => {
  const text = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('| exit code'));
  const told = [...table.slice(0, table.indexOf('\n\n')).matchAll(/^\| (\d+)\s+\|/gm)];
  expect(told.map(([, code]) => Number(code))).toEqual(Object.values(EXIT));
});
