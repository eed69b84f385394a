/** How one language writes what the sentences have in common: numbers, plurals, lists. */
export interface Counting {
  /** A number with the separators of the language: `12,480`. */
  readonly number: (value: number) => string;
  /** A number and the word that goes with it: `1 stop`, `2 stops`. */
  readonly counted: (n: number, one: string, other: string) => string;
  /** Several things in one sentence: `a, b and c`. */
  readonly list: (items: readonly string[]) => string;
  /** The same with "or": `a, b or c`. */
  readonly choice: (items: readonly string[]) => string;
}

/** Builds `Counting` for a locale (BCP 47), whose plurals are one and other. */
export function countingIn(locale: string): Counting {
  const format = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const all = new Intl.ListFormat(locale, { type: 'conjunction' });
  const any = new Intl.ListFormat(locale, { type: 'disjunction' });
  return {
    number: (value) => format.format(value),
    counted: (n, one, other) => `${format.format(n)} ${plurals.select(n) === 'one' ? one : other}`,
    list: (items) => all.format(items),
    choice: (items) => any.format(items),
  };
}
