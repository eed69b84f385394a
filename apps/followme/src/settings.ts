/** Settings of a running system: flags first, then the environment, then defaults. */
import path from 'node:path';
import { parseJetStreamAddress } from '@followme/log';
import type { LogLevel } from '@followme/platform';
import { mapsFolderOf } from './compose/data-folder.ts';
import type { FirstLoginWish } from './compose/first-login.ts';
import { readFirstLoginWish } from './first-login-wish.ts';
import {
  readMessageSettings,
  type MessageFlags,
  type MessageSettings,
} from './message-settings.ts';
import {
  readRetentionSettings,
  type RetentionFlags,
  type RetentionSettings,
} from './retention-settings.ts';
import { parsePort, parseWhole, UsageError } from './usage-error.ts';

/** Roles of a process; without `--roles` it has all. */
export const ROLES = ['tracker', 'geofence', 'notification', 'client'] as const;
/** What a process does. */
export type Role = (typeof ROLES)[number];

const DEFAULT_OPS_PORT = 8081;
/** Longer than any load balancer takes to look elsewhere, s. */
const MAX_DRAIN_DELAY_S = 600;
/** A proxy on the same machine. */
const LOOPBACK = '127.0.0.1,::1';
const LOG_LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug', 'silent'];

/** Everything a process can be told, read and checked. */
export interface Settings extends MessageSettings, RetentionSettings {
  /** Address that the web port and the device ports bind. */
  readonly host: string;
  /** Web port; 0 takes a free one. */
  readonly port: number;
  /** Device ports are this + the family's offset; 0 takes free ones. */
  readonly devicePorts: number;
  /** Port for orchestrators; 0 takes a free one, null opens none. */
  readonly opsPort: number | null;
  /** Folder of the embedded engines, absolute; nothing is made in it when both engines are reached by address. */
  readonly dataFolder: string;
  /** Folder of the street maps (PMTiles files), absolute; null when engines by address leave no folder to look in. */
  readonly mapsFolder: string | null;
  /** URL of a PostgreSQL, or null for the embedded one. */
  readonly storeUrl: string | null;
  /** Address of a log on NATS, or null for the embedded one. Never without `storeUrl`. */
  readonly logUrl: string | null;
  readonly roles: ReadonlySet<Role>;
  /** How long everything is still served after the signal to stop, while load balancers look elsewhere, ms. */
  readonly drainDelayMs: number;
  /** What the first login of a new installation shall be. */
  readonly firstLogin: FirstLoginWish;
  /** Addresses or networks of proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
}

/** The flags as the command line hands them over. */
export interface SettingFlags extends MessageFlags, RetentionFlags {
  readonly host?: string;
  readonly port?: string;
  readonly devicePorts?: string;
  readonly opsPort?: string;
  readonly data?: string;
  readonly maps?: string;
  readonly store?: string;
  readonly log?: string;
  readonly roles?: string;
  readonly drainDelay?: string;
  readonly trustedProxies?: string;
  readonly logLevel?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings from flags and environment. @throws UsageError naming the flag that cannot be used. */
export function readSettings(flags: SettingFlags, environment: Environment): Settings {
  const roles = parseRoles(flags.roles ?? environment['ROLES']);
  return {
    host: flags.host ?? environment['HOST'] ?? '127.0.0.1',
    port: parsePort(flags.port ?? environment['PORT'] ?? '8080', '--port'),
    devicePorts: parsePort(
      flags.devicePorts ?? environment['DEVICE_PORTS'] ?? '50010',
      '--device-ports',
    ),
    opsPort: parseOpsPort(flags.opsPort ?? environment['FOLLOWME_OPS_PORT'], roles),
    ...readEngineSettings(flags, environment),
    roles,
    drainDelayMs: parseDelay(flags.drainDelay ?? environment['FOLLOWME_DRAIN_DELAY'] ?? '0'),
    firstLogin: readFirstLoginWish(environment),
    trustedProxies: listOf(flags.trustedProxies ?? environment['TRUSTED_PROXIES'] ?? LOOPBACK),
    logLevel: parseLogLevel(flags.logLevel ?? environment['LOG_LEVEL'] ?? 'info'),
    ...readMessageSettings(flags, environment),
    ...readRetentionSettings(flags, environment),
  };
}

/** Where log and store are, and the folders that follow from it. */
function readEngineSettings(
  flags: SettingFlags,
  environment: Environment,
): Pick<Settings, 'dataFolder' | 'mapsFolder' | 'storeUrl' | 'logUrl'> {
  const namedFolder = flags.data ?? environment['DATA'];
  const dataFolder = path.resolve(namedFolder ?? 'data');
  const storeUrl = parseStoreUrl(flags.store ?? environment['STORE']);
  const logUrl = parseLogUrl(flags.log ?? environment['FOLLOWME_LOG']);
  if (logUrl !== null && storeUrl === null) {
    throw new UsageError(
      '--log: the log of several processes needs a database of several processes; name a PostgreSQL with --store.',
    );
  }
  const namedMaps = flags.maps ?? environment['FOLLOWME_MAPS'];
  const hasFolder = logUrl === null || namedFolder !== undefined;
  const maps = namedMaps ?? (hasFolder ? mapsFolderOf(dataFolder) : null);
  return { dataFolder, mapsFolder: maps === null ? null : path.resolve(maps), storeUrl, logUrl };
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

function parseLogUrl(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const parsed = parseJetStreamAddress(text);
  if (!parsed.ok) throw new UsageError(`--log: ${parsed.error}`);
  return text;
}

/** A process that people reach over HTTP answers orchestrators on the same port. */
function parseOpsPort(text: string | undefined, roles: ReadonlySet<Role>): number | null {
  if (text !== undefined && text !== '') return parsePort(text, '--ops-port');
  return roles.has('client') ? null : DEFAULT_OPS_PORT;
}

function parseDelay(text: string): number {
  return parseWhole(text, '--drain-delay', { min: 0, max: MAX_DRAIN_DELAY_S }) * 1_000;
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
