/** The command was asked for wrongly: the message says what to do, the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads a port number. @throws UsageError naming `what` when it is none. */
export function parsePort(text: string, what: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`${what}: got "${text}", expected a port from 0 to 65535.`);
  }
  return port;
}

/** Reads a whole number in a range. @throws UsageError naming `what` when it is none. */
export function parseWhole(
  text: string,
  what: string,
  range: { min: number; max: number },
): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < range.min || value > range.max) {
    throw new UsageError(
      `${what}: got "${text}", expected a whole number from ${range.min} to ${range.max}.`,
    );
  }
  return value;
}
