/** What the routes need, each taking the part it names. */
import type { VersionReply } from '@followme/contracts';
import type { Log } from '@followme/log';
import type { Clock, Logger, Metrics } from '@followme/platform';
import type { Store } from '@followme/store';
import type { ProviderSource, Readiness, TenantResolver } from '../ports.ts';

export interface HttpDeps {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tenants: TenantResolver;
  readonly provider: ProviderSource;
  readonly readiness: Readiness;
  readonly config: HttpConfig;
}

/** The port at which devices of a family are heard. */
export interface DeviceAddress {
  /** Name of the family, as trackers' devices carry it. */
  readonly protocol: string;
  /** Name people know it by. */
  readonly label: string;
  readonly port: number;
}

/** What the installation can send, and to where. */
export interface ChannelConfig {
  /** Address mail comes from; null without a mail server. */
  readonly mailFrom: string | null;
  /** Whether webhooks may lead to addresses that are not public. */
  readonly allowPrivateWebhooks: boolean;
}

export interface HttpConfig {
  /** What runs here, as told at /version. */
  readonly about: VersionReply;
  /** Folder of the built control center; null serves none. */
  readonly staticDir: string | null;
  /** Folder of the map files (PMTiles); null when there is none. */
  readonly mapsDir: string | null;
  readonly sessionTtlMs: number;
  /** Names of the device families the installation speaks; a tracker's device is one of them. */
  readonly deviceProtocols: readonly string[];
  /** Where devices report to, by family. */
  readonly deviceAddresses: readonly DeviceAddress[];
  readonly channels: ChannelConfig;
  /** Addresses of proxies whose X-Forwarded-* headers are believed; none when empty. */
  readonly trustedProxies: readonly string[];
}
