import { pageLocale } from '../browser/language.ts';
import { en, type Messages } from './en.ts';
import { nl } from './nl.ts';
import { pseudoOf } from './pseudo.ts';

function inUse(): Messages {
  switch (pageLocale()) {
    case 'en':
      return en;
    case 'nl':
      return nl;
    case 'pseudo-rtl':
      return pseudoOf(en);
  }
}

/**
 * The sentences of the language in use. It is chosen before this file is loaded (src/main.tsx) and stays as
 * long as the page: whoever chooses another language loads the page again.
 */
export const messages = inUse();
