import { describe, expect, test } from 'vitest';
import { pageOfAll } from './page-of-all.ts';

const all = [{ id: 7 }, { id: 3 }, { id: 9 }, { id: 1 }];

describe('pages of a list that is known whole', () => {
  test.each([1, 2, 3, 4, 5])('with %i a page, every item comes once and in order', (limit) => {
    const seen: number[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = pageOfAll(all, cursor === undefined ? { limit } : { limit, cursor });
      if (!page.ok) throw new Error(page.error);
      seen.push(...page.value.items.map(({ id }) => id));
      if (page.value.nextCursor === null) break;
      cursor = page.value.nextCursor;
    }
    expect(seen).toEqual([7, 3, 9, 1]);
  });

  test('a cursor that names no item is refused', () => {
    expect(pageOfAll(all, { cursor: 'x' })).toEqual({ ok: false, error: 'CURSOR_INVALID' });
  });
});
