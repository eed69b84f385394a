/**
 * The address of a log on NATS, as one text: `nats://user:password@host:4222,host2:4222/name?setting=value`.
 *
 * - `nats://` or `tls://`; TLS is also used when the server demands it.
 * - Login: `user:password@` or `token@`, percent-encoded, or `?creds=` with the path of a credentials file.
 * - `/name` tells installations on the same servers apart; `followme` when it is left out.
 * - Settings: `replicas` (1, 3 or 5), `max-bytes` (bound of each stream), `monitor` (address of a server's
 *   monitoring, to say what its acknowledgements survive), `ca`, `cert`, `key` (files for TLS).
 */
import { err, ok, type Result } from '@followme/model';

/** Where the log is and how to get in. */
export interface JetStreamAddress {
  /** `host:port` of each server. */
  readonly servers: readonly string[];
  readonly isTls: boolean;
  readonly login: JetStreamLogin;
  /** Begins the names of everything this log keeps on the server. */
  readonly name: string;
  /** Copies of every record; left to the log when null. */
  readonly replicas: number | null;
  /** Most bytes of each stream; bounded by the server only when null. */
  readonly maxBytes: number | null;
  /** `http://host:8222` of a server's monitoring. */
  readonly monitorUrl: string | null;
  readonly tlsFiles: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  };
}

/** How a process logs in. */
type JetStreamLogin =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'credentials'; readonly file: string };

const DEFAULT_NAME = 'followme';
const DEFAULT_PORT = 4222;
const SHAPE = /^(nats|tls):\/\/(?:([^@/]*)@)?([^/?@]+)(?:\/([^?]*))?(?:\?(.*))?$/;
const SERVER = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;
const NAME = /^[A-Za-z0-9_-]{1,40}$/;
const SETTINGS = ['replicas', 'max-bytes', 'monitor', 'creds', 'ca', 'cert', 'key'];
const REPLICAS = [1, 3, 5];

const FORM = 'nats://user:password@host:4222,host2:4222/name';

/** Reads an address; the error is one sentence that never repeats a password. */
export function parseJetStreamAddress(text: string): Result<JetStreamAddress, string> {
  const [, scheme, login, hosts = '', name, query = ''] = SHAPE.exec(text) ?? [];
  if (scheme === undefined) return err(`The address of the log must look like ${FORM}.`);
  const servers = hosts.split(',').map(parseServer);
  const wrong = servers.findIndex((server) => server === null);
  if (wrong !== -1) return err(`"${hosts.split(',')[wrong]}" is no server in ${FORM}.`);
  if (name !== undefined && name !== '' && !NAME.test(name)) {
    return err(`The name "${name}" of the log may hold letters, digits, "-" and "_", at most 40.`);
  }
  const settings = parseSettings(query);
  if (!settings.ok) return settings;
  const parsedLogin = parseLogin(login, settings.value.get('creds'));
  if (!parsedLogin.ok) return parsedLogin;
  const { value } = settings;
  return ok({
    servers: servers.filter((server) => server !== null),
    isTls: scheme === 'tls',
    login: parsedLogin.value,
    name: name === undefined || name === '' ? DEFAULT_NAME : name,
    replicas: value.has('replicas') ? Number(value.get('replicas')) : null,
    maxBytes: value.has('max-bytes') ? Number(value.get('max-bytes')) : null,
    monitorUrl: value.get('monitor') ?? null,
    tlsFiles: {
      ca: value.get('ca') ?? null,
      cert: value.get('cert') ?? null,
      key: value.get('key') ?? null,
    },
  });
}

function parseServer(text: string): string | null {
  const [, host, port] = SERVER.exec(text) ?? [];
  if (host === undefined || Number(port ?? DEFAULT_PORT) > 65_535) return null;
  return `${host}:${port ?? DEFAULT_PORT}`;
}

function parseSettings(query: string): Result<ReadonlyMap<string, string>, string> {
  const settings = new Map(new URLSearchParams(query));
  const unknown = [...settings.keys()].find((key) => !SETTINGS.includes(key));
  if (unknown !== undefined) {
    return err(`The address of the log has no setting "${unknown}", only ${SETTINGS.join(', ')}.`);
  }
  const replicas = settings.get('replicas');
  if (replicas !== undefined && !REPLICAS.includes(Number(replicas))) {
    return err(`The log can have 1, 3 or 5 replicas, got "${replicas}".`);
  }
  const maxBytes = settings.get('max-bytes');
  if (maxBytes !== undefined && !/^[1-9]\d{0,15}$/.test(maxBytes)) {
    return err(`max-bytes is a number of bytes, got "${maxBytes}".`);
  }
  const monitor = settings.get('monitor');
  if (monitor !== undefined && !/^https?:\/\/[^/?#]+\/?$/.test(monitor)) {
    return err(`monitor is an address like http://host:8222, got "${monitor}".`);
  }
  return ok(settings);
}

function parseLogin(
  login: string | undefined,
  creds: string | undefined,
): Result<JetStreamLogin, string> {
  if (login === undefined || login === '') {
    return ok(creds === undefined ? { kind: 'none' } : { kind: 'credentials', file: creds });
  }
  if (creds !== undefined) return err('The log is given a login or a credentials file, not both.');
  try {
    const [user = '', ...password] = login.split(':').map(decodeURIComponent);
    if (password.length === 0) return ok({ kind: 'token', token: user });
    return ok({ kind: 'password', user, password: password.join(':') });
  } catch {
    return err('The login of the log is not percent-encoded as an address demands.');
  }
}

/** The address without its login, for people. */
export function describeAddress({ servers, isTls, name }: JetStreamAddress): string {
  return `${isTls ? 'tls' : 'nats'}://${servers.join(',')}/${name}`;
}
