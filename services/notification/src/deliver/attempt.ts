/** What an attempt to deliver came to, as a value. */

/** `failed`: may work later. `refused`: this receiver does not want this message, now or later. */
export type Attempt =
  | { readonly outcome: 'delivered'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string }
  | { readonly outcome: 'skipped'; readonly detail: string };

/** Longest detail that is kept, characters. */
const MAX_DETAIL = 300;

/** What a receiver said, fit to be stored and shown: one line, no control characters, bounded. */
export function detailOf(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL - 1)}…` : line;
}
