/** Pieces that several requests and answers share: ids, times, pages. */
import { Type, type Static, type TSchema } from 'typebox';
import { NAME_PATTERN } from './pattern.ts';

const MAX_ID = 2 ** 31 - 1;

/** A positive 32-bit identity. */
export const IdSchema = Type.Integer({ minimum: 1, maximum: MAX_ID });
/** An instant as ISO 8601 with its offset, e.g. `2016-09-15T11:48:13.000Z`. */
export const TimeSchema = Type.String({ format: 'date-time', maxLength: 40 });
/** A name people give: not empty, not only blanks, no control characters. */
export const NameSchema = Type.String({ maxLength: 200, pattern: NAME_PATTERN });
/** Degrees, WGS 84. */
export const LonSchema = Type.Number({ minimum: -180, maximum: 180 });
/** Degrees, WGS 84. */
export const LatSchema = Type.Number({ minimum: -90, maximum: 90 });

/** A value that may be unknown. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** Ids in a request: a set, so each at most once. */
export const IdListSchema = Type.Array(IdSchema, { maxItems: 10_000, uniqueItems: true });

/** Items of a page when the caller does not say. */
export const DEFAULT_PAGE_LIMIT = 100;
/** Most items of one page. */
export const MAX_PAGE_LIMIT = 1_000;

/** The query of every list: how many, and from where. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE_LIMIT,
      description: `Items of the page, ${DEFAULT_PAGE_LIMIT} when left out`,
    }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: '`nextCursor` of the page before' }),
  ),
};

/** The query of every list over time: from inclusive, to exclusive. */
export const periodQuery = {
  from: Type.Optional({ ...TimeSchema, description: 'First instant, inclusive' }),
  to: Type.Optional({ ...TimeSchema, description: 'Last instant, exclusive' }),
};

/** One page of a list. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Ask for the next page with it; null after the last',
    }),
  });
}

/** The query of a list without filters. */
export const PageQuerySchema = Type.Object(pageQuery, { additionalProperties: false });
/** See `PageQuerySchema`. */
export type PageQuery = Static<typeof PageQuerySchema>;
