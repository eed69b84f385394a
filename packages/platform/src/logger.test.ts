import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

test('a line holds event, fields and of an error nothing but type, message, code, stack and cause', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => void lines.push(line) });
  const error = Object.assign(new Error('gone', { cause: new Error('reset') }), {
    code: '57P01',
    client: { secretKey: 'hidden' },
  });
  logger.child({ service: 'store' }).warn('store.lost', { error, tenantId: 1 });
  logger.debug('not.written');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('hidden');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    event: 'store.lost',
    service: 'store',
    tenantId: 1,
    error: { type: 'Error', message: 'gone', code: '57P01', cause: { message: 'reset' } },
  });
});
