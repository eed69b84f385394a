/**
 * Expected outcomes as values. A function that can fail for reasons its caller must handle returns a
 * `Result`; only programmer errors and broken dependencies throw.
 */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** A successful result holding `value`. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A failed result holding `error`, the reason the caller must handle. */
export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/**
 * Closes an exhaustive switch: the compiler refuses the call while a member of the union is not handled.
 * @throws Error always, naming the value that a new or malformed member carried.
 */
export function assertNever(value: never, what: string): never {
  throw new Error(`Unhandled ${what}: ${JSON.stringify(value)}`);
}
