/** Options that several commands share, in one place so that they read the same everywhere. */
import type { Command } from 'commander';

/** Where the system keeps its data. */
export function withStoreOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'folder of the embedded engines (DATA; default ./data)')
    .option('--store <url>', 'a PostgreSQL ≥ 15 instead of the embedded one (STORE)');
}

/** How the system is reached and what it runs. */
export function withServeOptions(command: Command): Command {
  return withStoreOptions(command)
    .option('--host <address>', 'address to bind (HOST; default 127.0.0.1)')
    .option(
      '--log <url>',
      'NATS servers of a log for several processes, nats://host:4222,… (FOLLOWME_LOG, which keeps a password out of\n' +
        'the list of processes; needs --store; default: the embedded log)',
    )
    .option('--port <port>', 'web port, 0 = any free one (PORT; default 8080)')
    .option(
      '--device-ports <base>',
      'device ports are this + the family’s offset, 0 = free ones (DEVICE_PORTS; default 50010)',
    )
    .option(
      '--maps <folder>',
      'street maps as PMTiles files (FOLLOWME_MAPS; default maps in the data folder)',
    )
    .option('--roles <list>', 'tracker,geofence,notification,client (ROLES; default all)')
    .option(
      '--ops-port <port>',
      '/livez /readyz /startupz /version /metrics, 0 = any free one (FOLLOWME_OPS_PORT; default 8081, and none with\n' +
        'the client role, whose web port answers them)',
    )
    .option(
      '--drain-delay <seconds>',
      'how long to serve on after SIGTERM while not ready, for load balancers (FOLLOWME_DRAIN_DELAY; default 0)',
    )
    .option(
      '--trusted-proxies <list>',
      'addresses of proxies whose X-Forwarded-* headers are believed (TRUSTED_PROXIES; default 127.0.0.1,::1)',
    )
    .option(
      '--smtp <url>',
      'mail server, smtp://user:password@host:587 or smtps:// (FOLLOWME_SMTP_URL, which keeps the password out of\n' +
        'the list of processes; default: no mail is sent)',
    )
    .option(
      '--mail-from <address>',
      'who mail comes from (FOLLOWME_MAIL_FROM; default: the login of the mail server)',
    )
    .option(
      '--public-url <url>',
      'where people reach the system, for links in messages (FOLLOWME_PUBLIC_URL; default: no links)',
    )
    .option(
      '--webhook-private-networks',
      'webhooks may be in private networks (FOLLOWME_WEBHOOK_PRIVATE_NETWORKS=yes; default no)',
    )
    .option(
      '--keep-positions <days>',
      'older positions are deleted by whole days (FOLLOWME_KEEP_POSITIONS; default 400)',
    )
    .option(
      '--keep-events <days>',
      'older crossings are deleted (FOLLOWME_KEEP_EVENTS; default 400)',
    )
    .option('--log-level <level>', 'error, warn, info, debug or silent (LOG_LEVEL; default info)');
}
