/**
 * Tells every lane that a tenant's fences changed: one control record per lane, behind which the new
 * version holds. Runs in any number of processes: the record's id keeps one of each, the operator passes
 * over versions it has seen, and a version is only noted as announced when every lane has it.
 */
import type { Log } from '@followme/log';
import {
  encodeFencesChanged,
  type FencesChanged,
  lanesOf,
  SUBJECTS,
  type TenantId,
} from '@followme/model';
import {
  withDeadline,
  type CancelTimer,
  type Clock,
  type Logger,
  type Metrics,
} from '@followme/platform';

/** What the announcer knows of the store. */
export interface FenceAnnouncements {
  /** Tenants whose fences are at a version that is not announced, with that version. */
  pendingAnnouncements(): Promise<readonly FencesChanged[]>;
  /** Every lane has the control record of this version. Never goes back. */
  markAnnounced(tenantId: TenantId, version: number): Promise<void>;
}

export interface FenceAnnouncerDeps {
  readonly log: Log;
  readonly announcements: FenceAnnouncements;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** It looks this often even when nobody calls; a call is a broadcast on `FENCES_SUBJECT`. */
  readonly lookEveryMs?: number;
}

export interface FenceAnnouncer {
  start(): void;
  /** Ends; waits for a look under way. */
  stop(): Promise<void>;
}

/** Subject on which whoever changes fences says so, to save the announcer's next look. */
export const FENCES_SUBJECT = SUBJECTS.fences;
const LOOK_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 10_000;

export function createFenceAnnouncer(deps: FenceAnnouncerDeps): FenceAnnouncer {
  const { log, announcements, clock, logger } = deps;
  const announced = deps.metrics
    .counter('followme_geofence_announcements_total', 'Fence versions announced to every lane.')
    .of({});
  const failed = deps.metrics
    .counter('followme_geofence_announcement_failures_total', 'Looks for new fences that failed.')
    .of({});
  let looking: Promise<void> | null = null;
  let isCalled = false;
  let stops: CancelTimer[] = [];

  const answer = <T>(what: string, work: Promise<T>): Promise<T> =>
    withDeadline(clock, ANSWER_WITHIN_MS, what, work);

  async function announce(change: FencesChanged): Promise<void> {
    const { tenantId, fencesVersion } = change;
    const payload = encodeFencesChanged(change);
    const lanes = lanesOf(log.lanes('positions'));
    const appends = lanes.map((lane) =>
      log.append('positions', lane, payload, {
        recordId: `fences/${tenantId}/${fencesVersion}/${lane}`,
      }),
    );
    await answer('announcing fences', Promise.all(appends));
    await answer('noting an announcement', announcements.markAnnounced(tenantId, fencesVersion));
    announced.inc();
    logger.debug('fences.announced', { tenantId, fencesVersion });
  }

  async function look(): Promise<void> {
    try {
      do {
        isCalled = false;
        const pending = await answer('looking for fences', announcements.pendingAnnouncements());
        for (const change of pending) await announce(change);
      } while (isCalled);
    } catch (error) {
      failed.inc(); // the next look tries again
      logger.warn('fences.announceFailed', { error });
    }
  }

  function call(): void {
    isCalled = true;
    looking ??= look().finally(() => (looking = null));
  }

  return {
    start() {
      stops = [
        clock.every(deps.lookEveryMs ?? LOOK_EVERY_MS, call),
        log.subscribe(FENCES_SUBJECT, call),
      ];
      call();
    },
    async stop() {
      for (const stop of stops.splice(0)) stop();
      await looking;
    },
  };
}
