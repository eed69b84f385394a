/**
 * What processes tell each other of failed logins, on a subject of the log's broadcasts, so that a limit holds for
 * an installation and not once per process. Addresses and accounts go as digests: who listens learns nothing.
 */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const VERSION = 1;
/** Longest message, in bytes; ours have some 200. */
const MAX_BYTES = 1_024;

/** A message on `SUBJECTS.loginFailures`. */
export const LoginFailureSchema = Type.Object({
  version: Type.Literal(VERSION),
  /** Names the process that saw it. */
  origin: Type.String({ minLength: 1, maxLength: 64 }),
  outcome: Type.Union([Type.Literal('failed'), Type.Literal('fitted')]),
  /** What counts the failures of an account from an address. */
  account: Type.String({ minLength: 1, maxLength: 64 }),
  /** What counts the failures of an address. */
  address: Type.String({ minLength: 1, maxLength: 64 }),
});
/** See `LoginFailureSchema`. */
export type LoginFailure = Static<typeof LoginFailureSchema>;

const failure = Compile(LoginFailureSchema);

/** The bytes of a message. */
export function encodeLoginFailure(content: Omit<LoginFailure, 'version'>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...content }));
}

/** Reads a message; null when it is none that this release understands. */
export function parseLoginFailure(bytes: Uint8Array): LoginFailure | null {
  if (bytes.length > MAX_BYTES) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return failure.Check(value) ? value : null;
  } catch {
    return null;
  }
}
