/** Sorts by name as people count and read: `Van 2` before `Van 10`, `école` beside `Ecole`. */
export function sortByName<T extends { readonly name: string }>(
  things: readonly T[],
  locale: string,
): readonly T[] {
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  return [...things].sort((a, b) => compare(a.name, b.name));
}
