/**
 * The first letters of the first and the last word, at most two, for an avatar. A letter is what a reader
 * sees as one: an emoji of several code points stays whole.
 */
export function initials(name: string, locale: string): string {
  const words = name.trim().split(/\s+/u);
  const last = words.length > 1 ? words.at(-1) : '';
  return `${firstLetter(words[0], locale)}${firstLetter(last, locale)}`.toLocaleUpperCase(locale);
}

function firstLetter(word: string | undefined, locale: string): string {
  const graphemes = new Intl.Segmenter(locale, { granularity: 'grapheme' });
  const [first] = graphemes.segment(word ?? '');
  return first?.segment ?? '';
}
