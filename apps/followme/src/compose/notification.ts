/** The notification role: its service on the engines of the process, and what it says of its health. */
import type { ReadinessCheck } from '@followme/client';
import {
  createNotificationService,
  createSqlNotificationStores,
  type NotificationServiceDeps,
} from '@followme/notification';
import { asDrain, createRandom, randomToken, type Lifecycle } from '@followme/platform';
import { createSqlLaneLeases } from '@followme/store';
import type { MessageSettings } from '../message-settings.ts';
import { VERSION } from '../version.ts';
import type { Engines } from './engines.ts';

/** Alerts that come later are not worth taking work for, s. */
const BEHIND_LIMIT_S = 30;
/** Lanes that nobody reads for longer are nobody's: a take-over is over by then, ms. */
const UNOWNED_LIMIT_MS = 10_000;

type Shared = Pick<NotificationServiceDeps, 'clock' | 'logger' | 'metrics' | 'owner'> & {
  readonly engines: Engines;
  readonly lifecycle: Lifecycle;
};

/** Starts the service. @throws when store or log cannot be reached. */
export async function startNotification(
  { engines, lifecycle, ...deps }: Shared,
  settings: MessageSettings,
): Promise<() => Promise<readonly ReadinessCheck[]>> {
  const service = createNotificationService({
    ...deps,
    ...settings,
    log: engines.log,
    stores: createSqlNotificationStores(engines.store),
    leases: (consumer) =>
      createSqlLaneLeases({ store: engines.store, consumer, ownership: engines.ownership }),
    random: createRandom(randomToken(16)),
    userAgent: `FollowMe/${VERSION}`,
  });
  lifecycle.add('notification service', asDrain(service));
  await service.start();
  return async () => {
    const { behindS, unownedForMs, outbox } = await service.health();
    // a receiver that is down is not our illness: only the way from the log to the alert is
    return [
      {
        name: 'notification',
        ok: behindS < BEHIND_LIMIT_S && unownedForMs < UNOWNED_LIMIT_MS,
        detail: `${Math.round(behindS)} s behind, ${outbox.waiting} messages wait`,
      },
    ];
  };
}
