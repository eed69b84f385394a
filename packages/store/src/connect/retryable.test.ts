import { describe, expect, test } from 'vitest';
import {
  failureCode,
  isCertainRollback,
  isRetryableFailure,
  RETRYABLE_SQLSTATES,
} from './retryable.ts';

const failure = (fields: object, message = 'failed'): Error =>
  Object.assign(new Error(message), fields);

describe('a failed transaction', () => {
  test.each(Object.keys(RETRYABLE_SQLSTATES))('is run again after SQLSTATE %s', (code) => {
    expect(isRetryableFailure(failure({ code }))).toBe(true);
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])(
    'is run again after %s',
    (code) => {
      expect(isRetryableFailure(failure({ code }))).toBe(true);
    },
  );

  test('is run again when the connection ended without a word', () => {
    expect(isRetryableFailure(failure({}, 'Connection terminated unexpectedly'))).toBe(true);
  });

  test.each(['23505', '42501', '57014', '22P02', 'ENOENT'])('is not run again after %s', (code) => {
    expect(isRetryableFailure(failure({ code }))).toBe(false);
  });

  test('is not run again for an error of the work itself', () => {
    expect(isRetryableFailure(new TypeError('x is not a function'))).toBe(false);
    expect(isRetryableFailure('thrown text')).toBe(false);
  });

  test('is told by the first of several connection errors (one per address of the host)', () => {
    const both = new AggregateError([failure({ code: 'ECONNREFUSED' }), failure({})]);
    expect(failureCode(both)).toBe('ECONNREFUSED');
  });
});

test('a failed COMMIT certainly rolled back only when the server said ERROR and went on', () => {
  expect(isCertainRollback(failure({ code: '40001', severity: 'ERROR' }))).toBe(true);
  expect(isCertainRollback(failure({ code: '57P01', severity: 'FATAL' }))).toBe(false);
  expect(isCertainRollback(failure({ code: 'ECONNRESET' }))).toBe(false);
});
