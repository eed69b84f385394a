/** Refusals in words, for what has no field of its own to stand at. */
import { ApiError } from '../api/client.ts';
import type { Messages } from '../messages/en.ts';

type Words = Messages['forms']['failed'];

/** The code of a refusal of ours; null for anything else. */
export function codeOf(error: unknown): string | null {
  return error instanceof ApiError ? error.code : null;
}

/** Whether what was to be changed has gone meanwhile. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** What went wrong, so what, and what to do. */
export function refusalWords(error: unknown, words: Words): string {
  if (!(error instanceof ApiError)) return words.broken;
  if (error.status === 0 || error.status >= 502) return words.unreachable;
  if (error.status === 401) return words.expired;
  if (error.status === 403) return words.denied;
  if (error.status === 404) return words.gone;
  if (error.status === 429) return words.busy;
  return error.status >= 500 ? words.broken : words.refused;
}
