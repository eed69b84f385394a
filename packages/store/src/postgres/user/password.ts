/**
 * Passwords: argon2id with the parameters the OWASP Password Storage Cheat Sheet names first for it
 * (19 MiB of memory, 2 passes, 1 lane).
 */
import { hash, verify } from '@node-rs/argon2';

const PARAMETERS = {
  // argon2id; the package has its names only as a const enum
  algorithm: 2,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** Longest password in characters; longer ones are refused before they cost anything. */
export const MAX_PASSWORD_LENGTH = 1_024;

/** A hash of no password anybody knows, with the same parameters: what an unknown user is checked against. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$VM6LpcWAxFM3cuay5/VwaQ$v0OKAz0hH6NCLP3Dz1a04s9Hcsme2iRoDloganWd32w';

/** The hash to store: PHC text with salt and parameters. Takes some 20 ms on a thread of its own. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

/**
 * Whether `password` is the one `passwordHash` was made from. For a null hash (no such user) it does the
 * same work and answers false, so that the time it takes does not tell who has an account.
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  if (password.length > MAX_PASSWORD_LENGTH) return false;
  const matches = await verify(passwordHash ?? NOBODYS_HASH, password);
  return matches && passwordHash !== null;
}
