/** Why a database cannot be used at the start, in one sentence for the person who has to act. */
import { failureCode } from './retryable.ts';
import { StoreError, type StoreErrorCode } from './store-error.ts';
import type { StoreAddress } from './address.ts';

type Told = readonly [
  code: StoreErrorCode,
  sentence: (address: StoreAddress, said: string) => string,
];

const unreachable = (how: string): Told => [
  'UNREACHABLE',
  ({ server }) => `The database server ${server} cannot be reached: ${how}.`,
];
const refused: Told = [
  'LOGIN_REFUSED',
  ({ server, login }, said) =>
    `The database server ${server} does not let the login "${login}" in: ${said}.`,
];
const untrusted: Told = [
  'TLS_FAILED',
  ({ server }, said) =>
    `The certificate of the database server ${server} is not accepted (${said}): ` +
    'name who vouches for it with sslrootcert=FILE, or correct the host of the address.',
];

/** By SQLSTATE, errno or code of Node's TLS. */
const BY_CODE: Readonly<Record<string, Told>> = {
  '28P01': refused,
  '28000': refused,
  '3D000': [
    'NO_DATABASE',
    ({ server, database }) => `The server ${server} has no database "${database}".`,
  ],
  '42501': [
    'LOGIN_REFUSED',
    ({ database, login }, said) =>
      `The login "${login}" may not use the database "${database}": ${said}.`,
  ],
  '53300': [
    'TOO_MANY_CONNECTIONS',
    ({ server }) =>
      `All connections of the database server ${server} are taken: raise its max_connections or run fewer processes.`,
  ],
  '57P03': unreachable('it is starting or stopping'),
  '25006': ['READ_ONLY', ({ server }) => readOnlySentence(server)],
  ENOTFOUND: unreachable('its name is not known'),
  EAI_AGAIN: unreachable('its name cannot be looked up'),
  ECONNREFUSED: unreachable('nothing listens there'),
  ECONNRESET: unreachable('it ended the connection'),
  EPIPE: unreachable('it ended the connection'),
  ETIMEDOUT: unreachable('it does not answer'),
  EHOSTUNREACH: unreachable('there is no way to it'),
  ENETUNREACH: unreachable('there is no way to it'),
  EACCES: unreachable('this process may not'),
  connection_ended: unreachable('it ended the connection'),
  no_answer: unreachable('it does not answer'),
  no_connection: unreachable('it does not answer'),
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: untrusted,
  CERT_NOT_YET_VALID: untrusted,
};

/** By how the driver's own message begins, where there is no code. */
const BY_MESSAGE: readonly (readonly [start: string, told: Told])[] = [
  ['timeout expired', unreachable('it does not answer')],
  ['Connection terminated', unreachable('it ended the connection')],
  [
    'The server does not support SSL',
    [
      'TLS_FAILED',
      ({ server }) =>
        `The database server ${server} offers no encryption, which sslmode asks for: turn its ssl on.`,
    ],
  ],
  [
    'There was an error establishing an SSL connection',
    ['TLS_FAILED', ({ server }) => `What answers at ${server} is no PostgreSQL.`],
  ],
  [
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password',
    [
      'LOGIN_REFUSED',
      ({ server, login }) =>
        `The database server ${server} asks the login "${login}" for a password, and the address has none.`,
    ],
  ],
];

/** A standby, or a primary set to read only: found at the start and on every new connection. */
export function readOnlySentence(server: string): string {
  return `The database server ${server} takes no writes (a standby?): name the primary.`;
}

function findReason(error: unknown): Told | undefined {
  const code = failureCode(error);
  if (code !== undefined && Object.hasOwn(BY_CODE, code)) return BY_CODE[code];
  if (!(error instanceof Error)) return undefined;
  return BY_MESSAGE.find(([start]) => error.message.startsWith(start))?.[1];
}

/**
 * What to tell when the database cannot be used at the start: a StoreError with one sentence where the reason
 * is known, else the error itself.
 */
export function connectFailure(error: unknown, address: StoreAddress): unknown {
  if (error instanceof StoreError) return error;
  const reason = findReason(error);
  if (reason === undefined) return error;
  const said = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  const [code, sentence] = reason;
  return new StoreError(code, sentence(address, said), { cause: error });
}
