import { countingIn } from '../counting.ts';

/** Numbers, plurals and lists as this language writes them. */
export const { number, counted, list, choice } = countingIn('en');
