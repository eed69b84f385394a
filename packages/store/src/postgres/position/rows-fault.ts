/** Errors of COPY after which the rows go the slow way: they, not the connection, are at fault. */
export function isRowsFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const missingPartition = '42P01';
  // 22: values the server refuses; 23: a duplicate, or a day whose partition has other bounds
  return code.startsWith('22') || code.startsWith('23') || code === missingPartition;
}
