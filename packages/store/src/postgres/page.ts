import { err, ok, type Result } from '@followme/model';

/** A stretch of a longer list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Hand it in again to go on behind the last item; null when this was the end. */
  readonly nextCursor: string | null;
}

/** The cursor is none of ours: a caller made it up or cut it. */
export interface CursorError {
  readonly code: 'CURSOR_MALFORMED';
  readonly got: string;
}

/** Most items of one page, whatever was asked for. */
export const MAX_PAGE_ITEMS = 10_000;

/** `limit` brought into 1 … `MAX_PAGE_ITEMS`. */
export function boundedLimit(limit: number): number {
  return Math.max(1, Math.min(MAX_PAGE_ITEMS, Math.trunc(limit)));
}

/** Where a list ordered by a number and then by text goes on. */
export interface Place {
  readonly number: number;
  readonly text: string;
}

/** A place as the text people hand back to us. */
export function cursorOf(place: Place): string {
  return Buffer.from(`${place.number}:${place.text}`).toString('base64url');
}

/**
 * Reads a cursor; `text` must match `pattern`, since it goes into a typed comparison of the database.
 * No cursor is ok(null): the start of the list.
 */
export function parseCursor(
  cursor: string | undefined,
  pattern: RegExp,
): Result<Place | null, CursorError> {
  if (cursor === undefined) return ok(null);
  const plain = Buffer.from(cursor, 'base64url').toString('utf8');
  const colon = plain.indexOf(':');
  const number = Number(plain.slice(0, colon));
  const text = plain.slice(colon + 1);
  // ±8.64e15 ms is what a Date can hold
  if (colon < 1 || !(Math.abs(number) <= 8.64e15) || !pattern.test(text)) {
    return err({ code: 'CURSOR_MALFORMED', got: cursor });
  }
  return ok({ number, text });
}

/**
 * Makes a page of `rows`, which were asked for with one more than `limit`: the surplus row tells that
 * there is more.
 */
export function pageOf<T>(rows: readonly T[], limit: number, placeOf: (item: T) => Place): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(placeOf(last)) : null,
  };
}
