/**
 * The row of a statement that always answers one.
 * @throws Error when it did not: the schema and the statement disagree.
 */
export function onlyRow<T>(result: { readonly rows: readonly T[] }, what: string): T {
  const [row] = result.rows;
  if (row === undefined) throw new Error(`${what} answered no row`);
  return row;
}
