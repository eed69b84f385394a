/** The ops port of a process, and what the process says of itself. */
import { startOpsServer, type ClientServiceConfig, type ReadinessCheck } from '@followme/client';
import { BATCH_VERSION } from '@followme/model';
import type { Clock, Lifecycle, Metrics } from '@followme/platform';
import type { Settings } from '../settings.ts';
import { VERSION } from '../version.ts';
import type { Engines } from './engines.ts';

/** What the ops port tells of. */
export interface OpsDeps {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  readonly engines: Engines;
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
}

/** The ops port of a process without the client role. */
export interface Ops {
  readonly url: string;
  /** Tells how far the process has come. */
  progress(to: 'serving' | 'leaving'): void;
}

/**
 * Opens the ops port, which is among the last to close, since it tells of the others. Null when the settings want
 * none. @throws Error of the operating system when it cannot be bound.
 */
export async function startOps(
  { engines, lifecycle, ...deps }: OpsDeps,
  { host, opsPort, roles }: Settings,
): Promise<Ops | null> {
  if (opsPort === null) return null;
  let progress: 'starting' | 'serving' | 'leaving' = 'starting';
  const server = await startOpsServer(
    {
      ...deps,
      isServing: () => progress === 'serving',
      isStarted: () => progress !== 'starting',
      config: { about: aboutOf(roles, engines) },
    },
    { host, port: opsPort },
  );
  lifecycle.add('ops port', server);
  return { url: server.url, progress: (to) => void (progress = to) };
}

/** What this process says of itself at /version. */
export function aboutOf(
  roles: Settings['roles'],
  { schemaVersion }: Pick<Engines, 'schemaVersion'>,
): ClientServiceConfig['about'] {
  return {
    name: 'followme',
    version: VERSION,
    roles: [...roles],
    schemaVersion,
    logFormat: BATCH_VERSION,
  };
}
