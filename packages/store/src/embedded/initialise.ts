/** Makes the cluster once, and the login and database of the store when they are missing. */
import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { randomToken, type Logger } from '@followme/platform';
import { Client } from 'pg';
import { failureCode } from '../connect/retryable.ts';
import { APP_ROLE, SYSTEM_ROLE } from '../connect/login-check.ts';
import { StoreError } from '../connect/store-error.ts';
import { hereAs, type Cluster } from './cluster.ts';

const run = promisify(execFile);
const INITDB_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 5000;
const PASSWORD_BYTES = 24;

/** The server's own superuser; the system never works as this one. */
const SUPERUSER = 'postgres';
/** The login of the store: owns the tables, binds to row-level security. */
export const LOGIN = 'followme';
/** The database of the store. */
export const DATABASE = 'followme';

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

/**
 * The password of both logins, made at the first start. Whoever can read the file owns the data folder anyway.
 * @throws StoreError `EMBEDDED_UNAVAILABLE` when the cluster is there and its password is not.
 */
export async function readPassword(folder: string): Promise<string> {
  const file = join(folder, 'password');
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present.trim() !== '') return present.trim();
  if (await exists(join(folder, 'cluster'))) {
    throw new StoreError(
      'EMBEDDED_UNAVAILABLE',
      `The database cannot be opened without its password: restore ${file} from a backup.`,
    );
  }
  const password = randomToken(PASSWORD_BYTES);
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

async function own(cluster: Cluster, path: string, mode: number): Promise<void> {
  await chmod(path, mode);
  if (cluster.user !== null) await chown(path, cluster.user.uid, cluster.user.gid);
}

/** Runs initdb in a folder beside the final place and renames: a start cut short leaves no half cluster. */
export async function initialiseCluster(
  cluster: Cluster,
  deps: { readonly logger: Logger },
  password: string,
): Promise<void> {
  if (await exists(cluster.data)) return;
  deps.logger.info('postgres.initialising', { folder: cluster.data });
  const staging = join(cluster.folder, 'initialising');
  const data = join(staging, 'cluster');
  const passwordFile = join(staging, 'password');
  await rm(staging, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  for (const path of [staging, data]) await own(cluster, path, 0o700);
  await own(cluster, passwordFile, 0o600);
  const here = hereAs(cluster, data);
  const flags = [
    `--pgdata=${here}`,
    `--pwfile=${here}/../password`,
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // sorted by the server itself: no index depends on the libraries of one machine
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(cluster.durable ? [] : ['--no-sync']),
  ];
  const { env } = cluster.binaries;
  try {
    const options = { cwd: data, env, timeout: INITDB_TIMEOUT_MS, ...cluster.user };
    await run(cluster.binaries.initdb, flags, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      'EMBEDDED_UNAVAILABLE',
      `The database could not be made in ${cluster.folder}: ${reason}`,
      { cause: error },
    );
  }
  await rename(data, cluster.data);
  await rm(staging, { recursive: true, force: true });
}

interface Address {
  readonly port: number;
  readonly password: string;
}

async function connectAs(
  { port, password }: Address,
  user: string,
  database: string,
): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user,
    password,
    database,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: 30_000,
    application_name: 'followme-setup',
  });
  // a connection that breaks is also reported by the statement under way
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Connects as the store's login and asks one thing. @throws the driver's error when that does not work. */
export async function tryLogin(address: Address): Promise<void> {
  const client = await connectAs(address, LOGIN, DATABASE);
  try {
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}

/** The database, or the login (which the server does not tell from a wrong password), is not there yet. */
const NOT_SET_UP: ReadonlySet<string | undefined> = new Set(['28P01', '28000', '3D000']);

/**
 * Makes roles, login and database of the store when they are missing; also after a first start that was cut
 * short anywhere in between.
 */
export async function ensureLogin(address: Address): Promise<void> {
  try {
    await tryLogin(address);
    return;
  } catch (error) {
    if (!NOT_SET_UP.has(failureCode(error))) throw error;
  }
  const client = await connectAs(address, SUPERUSER, 'postgres');
  try {
    const has = async (text: string, name: string): Promise<boolean> =>
      (await client.query(text, [name])).rows.length > 0;
    const role = 'SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1';
    for (const name of [APP_ROLE, SYSTEM_ROLE]) {
      if (!(await has(role, name))) await client.query(`CREATE ROLE ${name} NOLOGIN`);
    }
    if (!(await has(role, LOGIN))) await client.query(`CREATE ROLE ${LOGIN} LOGIN NOINHERIT`);
    const secret = client.escapeLiteral(address.password);
    await client.query(`ALTER ROLE ${LOGIN} LOGIN NOINHERIT PASSWORD ${secret}`);
    await client.query(`GRANT ${APP_ROLE}, ${SYSTEM_ROLE} TO ${LOGIN}`);
    if (!(await has('SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1', DATABASE))) {
      await client.query(`CREATE DATABASE ${DATABASE} OWNER ${LOGIN}`);
    }
  } finally {
    await client.end();
  }
  await tryLogin(address);
}
