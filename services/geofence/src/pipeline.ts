/**
 * The geofence operator: positions in, crossings out.
 *
 *   own-lanes       leases and epochs; loads a lane's offset, trackers and fence versions
 *   read-lane       the lane's records from behind its offset, with back-pressure
 *   judge-record    fixes and fence changes against the fences in force in the lane
 *   commit          offset + states + events of several lanes in one transaction
 *   publish-events  committed events to the events stream, then marked as sent
 */
import { createLagMeter, type Lag, type Log } from '@followme/log';
import type { Lane } from '@followme/model';
import { withDeadline, type Clock, type Logger, type Metrics } from '@followme/platform';
import type { FenceSource, GeofenceStatePort, LaneLeases } from '@followme/store';
import { createCommitter, type Committer } from './commit.ts';
import { createFenceSets } from './fence-sets.ts';
import { createOperatorMetrics } from './operator-metrics.ts';
import { createLaneOwner, type LaneOwner } from './own-lanes.ts';
import { createEventPublisher } from './publish-events.ts';
import { readLane } from './read-lane.ts';
import { DEFAULT_GEOFENCE_SETTINGS, type GeofenceSettings } from './settings.ts';

export interface GeofenceServiceDeps {
  readonly log: Log;
  readonly state: GeofenceStatePort;
  /** Of the consumer `geofence`. */
  readonly leases: LaneLeases;
  readonly fences: FenceSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lease rows. */
  readonly owner: string;
  /** The lanes this process may take. */
  readonly lanes: readonly Lane[];
  /**
   * Whether an error of `fences` or `state` may go away by itself. Such work is tried until it does; with
   * other errors a record is skipped after its third failure, and a lane whose commit is refused is loaded
   * anew.
   */
  readonly isRetryable: (error: unknown) => boolean;
  readonly settings?: Partial<GeofenceSettings>;
}

export interface GeofenceService {
  /** Resolves when the lanes that were free are being read; goes on taking lanes afterwards. */
  start(): Promise<void>;
  /** May be called while `start` still waits. Stops reading, commits what is judged, sends its events, gives the lanes back. */
  stop(): Promise<void>;
  /** How long there have been lanes that no process judges, ms; 0 when there are none. */
  readonly unownedForMs: number;
  /** How far the owned lanes are behind the log. */
  lag(): Promise<Lag>;
}

export function createGeofenceService(deps: GeofenceServiceDeps): GeofenceService {
  const { log, state, clock, logger } = deps;
  const settings = { ...DEFAULT_GEOFENCE_SETTINGS, ...deps.settings };
  let lastLag: Lag = { records: 0, seconds: 0 };
  const metrics = createOperatorMetrics(deps.metrics, {
    lagRecords: () => lastLag.records,
    lagSeconds: () => lastLag.seconds,
    lanesOwned: () => owner.owned.size,
    unsentEvents: () => publisher.waiting,
  });
  const shared = { log, state, clock, logger, metrics, settings };
  const sets = createFenceSets({
    source: deps.fences,
    clock,
    answerWithinMs: settings.answerWithinMs,
  });
  const publisher = createEventPublisher(shared);
  const owner: LaneOwner = createLaneOwner({
    ...shared,
    leases: deps.leases,
    registry: deps.metrics,
    publisher,
    committer: { finish: (lanes) => committer.finish(lanes) },
    owner: deps.owner,
    lanes: deps.lanes,
    read: (lane) => readLane(lane, { ...shared, sets, committer, isRetryable: deps.isRetryable }),
  });
  const committer: Committer = createCommitter({
    ...shared,
    publisher,
    lanes: () => owner.owned.values(),
    onLost: (lane, why) => owner.lose(lane, why),
    isRetryable: deps.isRetryable,
  });
  const meter = createLagMeter({ log, clock, stream: 'positions' });
  const lag = async (): Promise<Lag> => {
    const looking = meter.measure(owner.owned.values());
    lastLag = await withDeadline(clock, settings.answerWithinMs, 'the look at the lag', looking);
    return lastLag;
  };
  let isStopped = false;
  let cancelTimer = (): void => undefined;

  return {
    get unownedForMs() {
      return owner.unownedForMs;
    },
    lag,
    async start() {
      await owner.start();
      if (isStopped) return;
      cancelTimer = clock.every(settings.renewEveryMs, () => {
        lag().catch((error: unknown) => logger.warn('geofence.lagUnknown', { error }));
      });
      logger.info('geofence.started', { lanes: owner.owned.size });
    },
    async stop() {
      isStopped = true;
      cancelTimer();
      committer.hurry();
      await owner.stop();
      await publisher.stop();
      logger.info('geofence.stopped', {});
    },
  };
}
