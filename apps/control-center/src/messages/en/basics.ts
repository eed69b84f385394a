import { number } from './counting.ts';

/** What belongs to the language itself. */
export const basics = {
  /** BCP 47: for Intl and for the page's `lang`. */
  locale: 'en',
  product: 'Follow Me',
  compass: ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'],
  counted: (n: number) => number(n),
};
