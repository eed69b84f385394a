/** What a route answers: a body with a status, or a refusal with a code of the table. */
import type { ErrorCode, ProblemDetails } from '@followme/contracts';

export type Answer<T> =
  | {
      readonly kind: 'ok';
      readonly body: T;
      /** The route's own status when left out. */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly details: ProblemDetails };

/** A success. */
export function answer<T>(
  body: T,
  options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Answer<T> {
  return { kind: 'ok', body, ...options };
}

/** A refusal. */
export function refuse(code: ErrorCode, details: ProblemDetails = {}): Answer<never> {
  return { kind: 'refused', code, details };
}
