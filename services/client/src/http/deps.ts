/** What the routes need, each taking the part it names. */
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

export interface HttpConfig {
  /** Version of the release, as told at /version. */
  readonly version: string;
  /** Folder of the built control center; null serves none. */
  readonly staticDir: string | null;
  readonly sessionTtlMs: number;
  /** Names of the device families the installation speaks; a tracker's device is one of them. */
  readonly deviceProtocols: readonly string[];
  /** Addresses of proxies whose X-Forwarded-* headers are believed; none when empty. */
  readonly trustedProxies: readonly string[];
}
