/** The configuration file of a nats-server under test. */

/** Member of a cluster. */
export interface NatsClusterPlace {
  readonly name: string;
  /** Port for the other members. */
  readonly port: number;
  /** `nats-route://host:port` of every member. */
  readonly routes: readonly string[];
}

/** Settings of a server; defaults in `startNats`. */
export interface NatsSettings {
  /** Address the server listens on for clients, members and monitoring. */
  readonly host: string;
  readonly name: string;
  /** False for a server without JetStream. */
  readonly jetstream: boolean;
  /** Most bytes JetStream may store in files. */
  readonly maxFileBytes: number;
  /** `sync_interval`, like `always` or `2m`; servers before 2.10 do not know it, then it is left out. */
  readonly syncInterval: string | null;
  /** Who may log in; everybody when null. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** The token that lets in; everybody when null. */
  readonly token: string | null;
  /** Lines added at the end, in the server's own syntax. */
  readonly moreConfig: string;
}

/** Where a server listens. */
export interface NatsPorts {
  readonly client: number;
  readonly monitor: number;
}

/** The file's text. `jetstream {` keeps its space: 2.9.10 refuses it without. */
export function natsConfig(
  settings: NatsSettings,
  place: { ports: NatsPorts; storeFolder: string; cluster: NatsClusterPlace | null },
): string {
  const { host, name, login, token } = settings;
  const { ports, storeFolder, cluster } = place;
  const quoted = JSON.stringify;
  const lines = [
    `server_name: ${quoted(name)}`,
    `listen: "${host}:${ports.client}"`,
    `http: "${host}:${ports.monitor}"`,
  ];
  if (settings.jetstream) {
    lines.push('jetstream {', `  store_dir: ${quoted(storeFolder)}`);
    lines.push(`  max_file_store: ${settings.maxFileBytes}`, '  max_memory_store: 64000000');
    if (settings.syncInterval !== null) lines.push(`  sync_interval: ${settings.syncInterval}`);
    lines.push('}');
  }
  if (login !== null) {
    lines.push(
      `authorization { user: ${quoted(login.user)}, password: ${quoted(login.password)} }`,
    );
  }
  if (token !== null) lines.push(`authorization { token: ${quoted(token)} }`);
  if (cluster !== null) {
    lines.push('cluster {', `  name: ${quoted(cluster.name)}`);
    lines.push(`  listen: "${host}:${cluster.port}"`);
    lines.push(`  routes: [${cluster.routes.map((route) => quoted(route)).join(', ')}]`, '}');
  }
  return `${lines.join('\n')}\n${settings.moreConfig}\n`;
}
