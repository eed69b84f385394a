/** Waiting in tests: for a condition, never for a time. */

const LOOK_EVERY_MS = 10;

/**
 * Resolves with the first value of `condition` that is neither false, null nor undefined.
 * @throws Error naming `what` when there is none within `deadlineMs`; the last error of `condition` is its cause.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  deadlineMs: number,
  what = 'the condition',
): Promise<Exclude<T, false | null | undefined>> {
  const endMs = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined) {
        // the three values that were excluded above; the compiler does not narrow a type parameter
        return value as Exclude<T, false | null | undefined>;
      }
    } catch (error) {
      cause = error;
    }
    if (performance.now() > endMs) {
      throw new Error(`${what} did not hold within ${deadlineMs} ms`, { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
