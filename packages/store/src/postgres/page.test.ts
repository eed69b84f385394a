import { describe, expect, test } from 'vitest';
import { boundedLimit, cursorOf, MAX_PAGE_ITEMS, pageOf, parseCursor } from './page.ts';

describe('cursors', () => {
  test('a cursor leads back to its place', () => {
    const place = { number: 1_767_268_800_123.25, text: '00ff' };
    expect(parseCursor(cursorOf(place), /^[0-9a-f]{4}$/)).toEqual({ ok: true, value: place });
  });

  test('no cursor is the start', () => {
    expect(parseCursor(undefined, /^$/)).toEqual({ ok: true, value: null });
  });

  test.each([
    '',
    'x',
    cursorOf({ number: Number.NaN, text: '' }),
    cursorOf({ number: 1e300, text: '' }),
  ])('anything else is refused: %j', (cursor) => {
    expect(parseCursor(cursor, /^$/)).toEqual({
      ok: false,
      error: { code: 'CURSOR_MALFORMED', got: cursor },
    });
  });

  test('text of another shape than the list’s is refused', () => {
    expect(parseCursor(cursorOf({ number: 1, text: "' or 1=1" }), /^[0-9a-f]{16}$/).ok).toBe(false);
  });
});

test('a page has a next one only when a surplus row was found', () => {
  const placeOf = (n: number) => ({ number: n, text: '' });
  expect(pageOf([1, 2], 2, placeOf)).toEqual({ items: [1, 2], nextCursor: null });
  expect(pageOf([1, 2, 3], 2, placeOf)).toEqual({
    items: [1, 2],
    nextCursor: cursorOf({ number: 2, text: '' }),
  });
});

test('a limit is brought into its bounds', () => {
  expect([0, 7.9, 1e9].map(boundedLimit)).toEqual([1, 7, MAX_PAGE_ITEMS]);
});
