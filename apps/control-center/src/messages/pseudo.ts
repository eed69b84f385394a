import type { Messages } from './en.ts';

/** Longer texts show what has no room: other languages need up to 40 % more than English. */
const GROWTH = 0.4;
/** Makes whatever stands up to `POP` run from right to left (Unicode bidirectional algorithm, RLO and PDF). */
const RIGHT_TO_LEFT = '\u202e';
const POP = '\u202c';

function pseudoText(text: string): string {
  if (!/\p{L}/u.test(text)) return text;
  const more = Math.ceil(text.length * GROWTH);
  const words = '~~~~ '
    .repeat(Math.ceil(more / 5))
    .slice(0, Math.max(1, more))
    .trimEnd();
  return `${RIGHT_TO_LEFT}${text} ${words}${POP}`;
}

function pseudoValue(value: unknown): unknown {
  if (typeof value === 'string') return pseudoText(value);
  if (typeof value === 'function') {
    return (...given: unknown[]) => pseudoValue(Reflect.apply(value, undefined, given));
  }
  if (Array.isArray(value)) return value.map(pseudoValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pseudoValue(inner)]));
}

/**
 * A language nobody speaks, for tests with `?locale=pseudo-rtl`: every sentence mirrored, two fifths longer, on
 * a page that runs from right to left. What stays readable was written past the messages.
 */
export function pseudoOf(messages: Messages): Messages {
  // every value keeps its kind: texts stay texts, functions still return texts
  return { ...(pseudoValue(messages) as Messages), locale: messages.locale };
}
