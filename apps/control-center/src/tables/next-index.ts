/** Where the arrow keys lead in a list. */

interface ListSize {
  readonly count: number;
  /** Rows that Page up and Page down pass over. */
  readonly page: number;
}

/** The row `key` leads to from row `index`, or null when the key does not move or there is no row. */
export function nextIndex(key: string, index: number, { count, page }: ListSize): number | null {
  if (count === 0) return null;
  const target = new Map([
    ['ArrowDown', index + 1],
    ['ArrowUp', index - 1],
    ['PageDown', index + page],
    ['PageUp', index - page],
    ['Home', 0],
    ['End', count - 1],
  ]).get(key);
  return target === undefined ? null : Math.min(count - 1, Math.max(0, target));
}
