/** Settings of a running system: flags first, then the environment, then defaults. */
import path from 'node:path';
import type { LogLevel } from '@followme/platform';
import { mapsFolderOf } from './compose/data-folder.ts';
import {
  readMessageSettings,
  type MessageFlags,
  type MessageSettings,
} from './message-settings.ts';
import { parsePort, UsageError } from './usage-error.ts';

/** Roles of a process; without `--roles` it has all. */
const ROLES = ['tracker', 'geofence', 'notification', 'client'] as const;
type Role = (typeof ROLES)[number];

/** A proxy on the same machine. */
const LOOPBACK = '127.0.0.1,::1';
const LOG_LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug', 'silent'];

export interface Settings extends MessageSettings {
  /** Address that the web port and the device ports bind. */
  readonly host: string;
  /** Web port; 0 takes a free one. */
  readonly port: number;
  /** Device ports are this + the family's offset; 0 takes free ones. */
  readonly devicePorts: number;
  /** Folder of the embedded engines, absolute. */
  readonly dataFolder: string;
  /** Folder of the street maps (PMTiles files), absolute. */
  readonly mapsFolder: string;
  /** URL of a PostgreSQL, or null for the embedded one. */
  readonly storeUrl: string | null;
  readonly roles: ReadonlySet<Role>;
  /** Addresses or networks of proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
}

/** The flags as the command line hands them over. */
export interface SettingFlags extends MessageFlags {
  readonly host?: string;
  readonly port?: string;
  readonly devicePorts?: string;
  readonly data?: string;
  readonly maps?: string;
  readonly store?: string;
  readonly roles?: string;
  readonly trustedProxies?: string;
  readonly logLevel?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings from flags and environment. @throws UsageError naming the flag that cannot be used. */
export function readSettings(flags: SettingFlags, environment: Environment): Settings {
  const dataFolder = path.resolve(flags.data ?? environment['DATA'] ?? 'data');
  return {
    host: flags.host ?? environment['HOST'] ?? '127.0.0.1',
    port: parsePort(flags.port ?? environment['PORT'] ?? '8080', '--port'),
    devicePorts: parsePort(
      flags.devicePorts ?? environment['DEVICE_PORTS'] ?? '50010',
      '--device-ports',
    ),
    dataFolder,
    mapsFolder: path.resolve(
      flags.maps ?? environment['FOLLOWME_MAPS'] ?? mapsFolderOf(dataFolder),
    ),
    storeUrl: parseStoreUrl(flags.store ?? environment['STORE']),
    roles: parseRoles(flags.roles ?? environment['ROLES']),
    trustedProxies: listOf(flags.trustedProxies ?? environment['TRUSTED_PROXIES'] ?? LOOPBACK),
    logLevel: parseLogLevel(flags.logLevel ?? environment['LOG_LEVEL'] ?? 'info'),
    ...readMessageSettings(flags, environment),
  };
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function parseStoreUrl(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  if (!/^postgres(ql)?:\/\//.test(text)) {
    throw new UsageError(`--store: expected postgres://login:password@host:port/database.`);
  }
  return text;
}

function parseRoles(text: string | undefined): ReadonlySet<Role> {
  if (text === undefined) return new Set(ROLES);
  const names = text.split(',').map((name) => name.trim());
  const roles = ROLES.filter((role) => names.includes(role));
  const unknown = names.filter((name) => !ROLES.some((role) => role === name));
  if (unknown.length > 0 || roles.length === 0) {
    throw new UsageError(`--roles: got "${text}", expected some of ${ROLES.join(', ')}.`);
  }
  return new Set(roles);
}

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === text);
  if (level === undefined) {
    throw new UsageError(`--log-level: got "${text}", expected one of ${LOG_LEVELS.join(', ')}.`);
  }
  return level;
}
