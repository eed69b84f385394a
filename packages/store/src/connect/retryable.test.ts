import { describe, expect, test } from 'vitest';
import {
  failureCode,
  isCertainRollback,
  isRetryableFailure,
  passesAtOnce,
  RETRYABLE_SQLSTATES,
} from './retryable.ts';

const failure = (fields: object, message = 'failed'): Error =>
  Object.assign(new Error(message), fields);

describe('a failed transaction', () => {
  test.each(Object.keys(RETRYABLE_SQLSTATES))('is run again after SQLSTATE %s', (code) => {
    expect(passesAtOnce(failure({ code }))).toBe(true);
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])(
    'is run again after %s',
    (code) => {
      expect(passesAtOnce(failure({ code }))).toBe(true);
    },
  );

  test('is run again when the connection ended without a word', () => {
    expect(passesAtOnce(failure({}, 'Connection terminated unexpectedly'))).toBe(true);
  });

  test.each(['23505', '42501', '22P02', 'ENOENT'])('does not pass with %s', (code) => {
    expect(isRetryableFailure(failure({ code }))).toBe(false);
  });

  test.each([
    failure({ code: '57014' }, 'canceling statement due to statement timeout'),
    failure({}, 'Query read timeout'),
    failure({}, 'timeout exceeded when trying to connect'),
  ])('is not run again at once, but passes: $message', (error) => {
    expect([passesAtOnce(error), isRetryableFailure(error)]).toEqual([false, true]);
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
