/** Readers of what comes from outside: each takes anything and answers a value of its kind, or null. */

/** An object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none when it is no object. Every field is checked where it is read. */
export function fieldsOf(value: unknown): Fields {
  // an object of unknown fields: what they hold is asked of each
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** A finite number. */
export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A whole number above 0, also as text. */
export function idOrNull(value: unknown): number | null {
  const id = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isInteger(id) && id > 0 ? id : null;
}

/** ISO 8601 text or ms since 1970, as ms. */
export function timeOrNull(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  return numberOrNull(ms);
}

/** Text; an empty one is text too. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** One of a few words. */
export function wordOrNull<Word extends string>(
  value: unknown,
  words: readonly Word[],
): Word | null {
  return words.find((word) => word === value) ?? null;
}
