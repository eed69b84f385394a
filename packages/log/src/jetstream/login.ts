/** What the client needs to log in, read from the address and its files. */
import { readFile } from 'node:fs/promises';
import { credsAuthenticator, type ConnectionOptions } from '@nats-io/transport-node';
import { LogOpenError } from '../port.ts';
import type { JetStreamAddress } from './address.ts';

async function readOrRefuse(what: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LogOpenError('NOT_ALLOWED', `The ${what} ${path} of the log cannot be read.`, {
      cause,
    });
  }
}

/**
 * Login and TLS of the connection.
 * @throws LogOpenError `NOT_ALLOWED` when a file it names cannot be read.
 */
export async function loginOptions(address: JetStreamAddress): Promise<ConnectionOptions> {
  const { login, isTls, tlsFiles } = address;
  const options: ConnectionOptions = {};
  if (login.kind === 'password') {
    options.user = login.user;
    options.pass = login.password;
  }
  if (login.kind === 'token') options.token = login.token;
  if (login.kind === 'credentials') {
    const file = await readOrRefuse('credentials file', login.file);
    options.authenticator = credsAuthenticator(file);
  }
  const { ca, cert, key } = tlsFiles;
  for (const path of [ca, cert, key]) if (path !== null) await readOrRefuse('TLS file', path);
  if (isTls || ca !== null || cert !== null) {
    options.tls = {
      ...(ca === null ? {} : { caFile: ca }),
      ...(cert === null ? {} : { certFile: cert }),
      ...(key === null ? {} : { keyFile: key }),
    };
  }
  return options;
}
