/**
 * The address of a PostgreSQL as people write it: `postgres://login:password@host:port/database?sslmode=…`.
 *
 * `sslmode` means what it means to PostgreSQL's own programs; the driver reads it otherwise, so it is read here:
 * - without it, or `disable`: no TLS;
 * - `require`: encrypted, and whoever answers is believed, unless `sslrootcert` names who may vouch for it;
 * - `verify-ca`: vouched for by `sslrootcert`;
 * - `verify-full`: that, or by who is trusted in general, and the certificate is for the host of the address.
 * `prefer` and `allow` are refused: they fall back to no encryption without a word.
 */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig } from 'pg';
import { StoreError } from './store-error.ts';

/** An address, taken apart. */
export interface StoreAddress {
  /** For the driver. Holds the password: never log it. */
  readonly client: Pick<ClientConfig, 'connectionString' | 'ssl'>;
  /** `host:port`, for people. */
  readonly server: string;
  readonly login: string;
  readonly database: string;
}

const SHAPE = 'postgres://login:password@host:port/database';
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof SSL_MODES)[number];
/** What is read here and must not reach the driver, which would read it otherwise. */
const OURS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl', 'uselibpqcompat'] as const;
const DEFAULT_PORT = '5432';
/** The certificates Node comes with, as libpq writes it. */
const SYSTEM_ROOTS = 'system';

/**
 * Takes an address apart.
 * @throws StoreError `BAD_ADDRESS` with one sentence; it never holds the password.
 */
export function parseStoreAddress(text: string): StoreAddress {
  const url = parseUrl(text);
  const { searchParams } = url;
  if (searchParams.get('target_session_attrs') !== null) {
    throw bad('It names one server; a fail-over has to move this address to the new primary.');
  }
  const ssl = readSsl(searchParams);
  for (const name of OURS) searchParams.delete(name);
  const login = decodeURIComponent(url.username);
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    client: { connectionString: url.href, ssl },
    server: `${url.hostname}:${url.port === '' ? DEFAULT_PORT : url.port}`,
    login,
    database: database === '' ? login : database,
  };
}

function bad(why: string): StoreError {
  return new StoreError('BAD_ADDRESS', `The address of the database cannot be used: ${why}`);
}

function parseUrl(text: string): URL {
  // several hosts are no URL, and the driver would take them for one name
  if (/^postgres(ql)?:\/\/[^/]*,/.test(text)) {
    throw bad('It names several hosts; expected one, which a fail-over moves to the new primary.');
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) throw bad(`Expected ${SHAPE}.`);
  if (url.hostname === '' && url.searchParams.get('host') === null) {
    throw bad(`The host is missing; expected ${SHAPE}.`);
  }
  if (url.username === '') throw bad(`The login is missing; expected ${SHAPE}.`);
  return url;
}

function parseSslMode(text: string | null): SslMode {
  const mode = SSL_MODES.find((name) => name === (text ?? 'disable'));
  if (mode === undefined)
    throw bad(`Got sslmode=${text}, expected one of ${SSL_MODES.join(', ')}.`);
  return mode;
}

function readSsl(parameters: URLSearchParams): ConnectionOptions | false {
  if (parameters.get('ssl') !== null) throw bad('Write sslmode=require or verify-full, not ssl=….');
  const mode = parseSslMode(parameters.get('sslmode'));
  const rootFile = parameters.get('sslrootcert');
  if (mode === 'disable') {
    if (rootFile !== null) throw bad('It names sslrootcert but no sslmode=verify-full.');
    return false;
  }
  const ca =
    rootFile === null || rootFile === SYSTEM_ROOTS ? null : readPem(rootFile, 'sslrootcert');
  if (mode === 'verify-ca' && ca === null) {
    throw bad('sslmode=verify-ca needs sslrootcert=FILE; verify-full does without.');
  }
  const isVouchedFor = mode !== 'require' || rootFile !== null;
  return {
    rejectUnauthorized: isVouchedFor,
    ...(ca === null ? {} : { ca }),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...readOwnCertificate(parameters),
  };
}

/** The certificate this process shows to the server. */
function readOwnCertificate(parameters: URLSearchParams): Pick<ConnectionOptions, 'cert' | 'key'> {
  const [certFile, keyFile] = [parameters.get('sslcert'), parameters.get('sslkey')];
  if (certFile === null && keyFile === null) return {};
  if (certFile === null || keyFile === null) throw bad('sslcert and sslkey go together.');
  return { cert: readPem(certFile, 'sslcert'), key: readPem(keyFile, 'sslkey') };
}

function readPem(file: string, parameter: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = `The file ${file} of ${parameter} cannot be read.`;
    throw new StoreError('BAD_ADDRESS', `The address of the database cannot be used: ${why}`, {
      cause,
    });
  }
}
