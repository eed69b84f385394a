import { describe, expect, test } from 'vitest';
import { textFragment, textFrame } from './frames.ts';

describe('frames of RFC 6455 §5.2', () => {
  test.each([
    [0, '8100'],
    [125, '817d'],
    [126, '817e007e'],
    [65_535, '817effff'],
    [65_536, '817f0000000000010000'],
  ])('a text of %i bytes has the header %s', (length, header) => {
    const frame = textFrame('x'.repeat(length));
    expect(frame.subarray(0, header.length / 2).toString('hex')).toBe(header);
    expect(frame).toHaveLength(header.length / 2 + length);
  });

  test('lengths count bytes, not characters', () => {
    expect(textFrame('é€').toString('hex')).toBe('8105c3a9e282ac');
  });

  test('a message in pieces: text, continuation, and FIN on the last only', () => {
    expect(textFragment('a', { first: true, last: false }).toString('hex')).toBe('010161');
    expect(textFragment('b', { first: false, last: false }).toString('hex')).toBe('000162');
    expect(textFragment('c', { first: false, last: true }).toString('hex')).toBe('800163');
  });
});
