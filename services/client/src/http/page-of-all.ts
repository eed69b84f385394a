/**
 * Pages of a list that the store answers whole, because a tenant has at most some thousands of them. The
 * cursor is the id of the last item of the page before, as text that callers need not understand.
 */
import { DEFAULT_PAGE_LIMIT, type PageQuery } from '@followme/contracts';
import { err, ok, type Result } from '@followme/model';

interface PageOf<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** The page of `all` (in a stable order) that the query asks for. */
export function pageOfAll<T extends { readonly id: number }>(
  all: readonly T[],
  { limit = DEFAULT_PAGE_LIMIT, cursor }: PageQuery,
): Result<PageOf<T>, 'CURSOR_INVALID'> {
  let from = 0;
  if (cursor !== undefined) {
    const id = Number(Buffer.from(cursor, 'base64url').toString('utf8'));
    from = all.findIndex((item) => item.id === id) + 1;
    if (from === 0) return err('CURSOR_INVALID');
  }
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  const hasMore = from + limit < all.length && last !== undefined;
  return ok({
    items,
    nextCursor: hasMore ? Buffer.from(String(last.id)).toString('base64url') : null,
  });
}
