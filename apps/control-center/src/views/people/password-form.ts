/** The form in which people change their own password. */
import type { Messages } from '../../messages/en.ts';

/** Fewest characters of a password people choose, as the contracts have it. */
export const MIN_PASSWORD_CHARS = 10;
const MAX_PASSWORD_CHARS = 1_000;

/** What is filled in; kept only while the dialog is open. */
export interface PasswordForm {
  readonly current: string;
  readonly next: string;
}

/** Words at the fields; undefined where nothing is wrong. */
export interface PasswordErrors {
  readonly current: string | undefined;
  readonly next: string | undefined;
}

/** What is wrong with the form, in words. */
export function passwordErrors(
  { current, next }: PasswordForm,
  words: Messages['people'],
): PasswordErrors {
  return {
    current: current === '' ? words.currentMissing : undefined,
    next: nextError(current, next, words),
  };
}

function nextError(current: string, next: string, words: Messages['people']): string | undefined {
  if (next.length < MIN_PASSWORD_CHARS) return words.nextShort(MIN_PASSWORD_CHARS, next.length);
  if (next.length > MAX_PASSWORD_CHARS) return words.nextLong;
  return next === current ? words.nextSame : undefined;
}
