import type { basics as en } from '../en/basics.ts';
import { number } from './counting.ts';

export const basics: typeof en = {
  locale: 'nl',
  product: 'Follow Me',
  compass: ['N', 'NO', 'O', 'ZO', 'Z', 'ZW', 'W', 'NW'],
  counted: (n) => number(n),
};
