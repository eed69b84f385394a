/** Names as they stand on the map, where a long one would lie over what is around it. */

/** Signs of a name that the map shows. */
const MOST_SIGNS = 30;
// an emoji of several code points stays whole
const signs = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A name of at most 30 signs; of a longer one the beginning with `…`. The whole name stands in the panels. */
export function mapName(name: string): string {
  if (name.length <= MOST_SIGNS) return name;
  const first = Array.from(signs.segment(name.slice(0, MOST_SIGNS * 16)), ({ segment }) => segment);
  if (first.length <= MOST_SIGNS) return name;
  return `${first
    .slice(0, MOST_SIGNS - 1)
    .join('')
    .trimEnd()}…`;
}
