import { en } from './en.ts';

/** The sentences of the language in use. There is one language today; choosing another happens here. */
export const messages = en;
