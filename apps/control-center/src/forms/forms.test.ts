import { NAME_PATTERN } from '@followme/contracts';
import { expect, test } from 'vitest';
import { ApiError } from '../api/client.ts';
import { spanWords } from '../format/span.ts';
import { en } from '../messages/en.ts';
import { nl } from '../messages/nl.ts';
import { nameError, nameFault } from './check-name.ts';
import { codeOf, isGone, refusalWords } from './refusal.ts';

test.each([
  ['', 'blank'],
  [' \t ', 'blank'],
  ['\u00a0', 'blank'],
  ['a\u0007b', 'control'],
  ['x'.repeat(201), 'tooLong'],
  ['x'.repeat(200), null],
  ['مستودع', null],
  ['👩‍🚒 Van', null],
])('the name %j is %s', (name, fault) => {
  expect(nameFault(name)).toBe(fault);
  if (fault === null) expect(new RegExp(NAME_PATTERN, 'u').test(name)).toBe(true);
});

test('a name that is too long is told how long it is', () => {
  expect(nameError('x'.repeat(1234), en.forms.nameError)).toBe(
    'A name has at most 200 characters. This one has 1,234.',
  );
  expect(nameError('Van', en.forms.nameError)).toBeUndefined();
});

test.each([
  [0, 'unreachable'],
  [503, 'unreachable'],
  [401, 'expired'],
  [403, 'denied'],
  [404, 'gone'],
  [409, 'refused'],
  [429, 'busy'],
  [500, 'broken'],
] as const)('status %i is told as %s', (status, word) => {
  const words = en.forms.failed;
  expect(refusalWords(new ApiError(status, 'x'), words)).toBe(words[word]);
});

test('what is no answer of the server is our own fault', () => {
  expect(refusalWords(new TypeError('x'), en.forms.failed)).toBe(en.forms.failed.broken);
  expect(codeOf(new TypeError('x'))).toBeNull();
  expect(isGone(new ApiError(404, 'x'))).toBe(true);
});

test.each([
  [30, '30 s', '30 s'],
  [90, '90 s', '90 s'],
  [300, '5 min', '5 min'],
  [3_600, '1 h', '1 u'],
  [5_400, '1 h 30', '1 u 30'],
  [86_400, '1 day', '1 dag'],
  [90_000, '25 h', '25 u'],
  [604_800, '7 days', '7 dagen'],
])('%i seconds are told exactly: %s', (seconds, english, dutch) => {
  expect(spanWords(seconds, en.time)).toBe(english);
  expect(spanWords(seconds, nl.time)).toBe(dutch);
});
