/** What the first login shall be: from the environment only, since a command line is seen by everybody. */
import type { FirstLoginWish } from './compose/first-login.ts';
import { UsageError } from './usage-error.ts';

/** As many as the product asks of a password that people choose. */
export const MIN_PASSWORD_CHARS = 10;
const MAX_PASSWORD_CHARS = 1_000;

/** Reads `FOLLOWME_ADMIN_EMAIL` and `FOLLOWME_ADMIN_PASSWORD`. @throws UsageError naming the one that cannot be used. */
export function readFirstLoginWish(
  environment: Readonly<Record<string, string | undefined>>,
): FirstLoginWish {
  const email = environment['FOLLOWME_ADMIN_EMAIL'] ?? '';
  const password = environment['FOLLOWME_ADMIN_PASSWORD'] ?? '';
  if (email !== '' && !/^[^\s@<>"]+@[^\s@<>"]+$/.test(email)) {
    throw new UsageError(
      `FOLLOWME_ADMIN_EMAIL: got "${email}", expected an address like admin@followme.example.`,
    );
  }
  if (
    password !== '' &&
    (password.length < MIN_PASSWORD_CHARS || password.length > MAX_PASSWORD_CHARS)
  ) {
    throw new UsageError(
      `FOLLOWME_ADMIN_PASSWORD: expected ${MIN_PASSWORD_CHARS} to ${MAX_PASSWORD_CHARS} characters.`,
    );
  }
  return { email: email === '' ? null : email, password: password === '' ? null : password };
}
