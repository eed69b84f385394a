/**
 * Stage "own": which lanes this process judges. The keeper says what is ours; here a lane is begun (what its
 * former owner left to send, then its state), and brought to an end so that another can go on: reading stops,
 * what is judged is committed, its events leave, and only then is it given back. A lane that is lost is thrown
 * away and loaded anew when it is taken again; nothing of it is kept, and nothing of it is sent any more.
 */
import type { Lane } from '@followme/model';
import {
  createRandom,
  withDeadline,
  type Clock,
  type Logger,
  type Metrics,
} from '@followme/platform';
import type { Log } from '@followme/log';
import {
  createLaneKeeper,
  type GeofenceStatePort,
  type HeldLane,
  type LaneKeeper,
  type LaneLease,
  type LaneLeases,
  type LaneLoss,
} from '@followme/store';
import type { Committer } from './commit.ts';
import { OperatedLane } from './operated-lane.ts';
import type { OperatorMetrics } from './operator-metrics.ts';
import type { EventPublisher } from './publish-events.ts';
import type { GeofenceSettings } from './settings.ts';

export interface LaneOwnerDeps {
  readonly log: Log;
  readonly state: GeofenceStatePort;
  readonly leases: LaneLeases;
  readonly publisher: EventPublisher;
  readonly committer: Pick<Committer, 'finish'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  /** Where the keeper counts. */
  readonly registry: Metrics;
  readonly settings: GeofenceSettings;
  readonly owner: string;
  readonly lanes: readonly Lane[];
  /** Reads the lane until it is let go; a rejection lets it go. */
  readonly read: (lane: OperatedLane) => Promise<void>;
}

export interface LaneOwner {
  /** The lanes that are judged now, those included that are brought to an end. */
  readonly owned: ReadonlyMap<Lane, OperatedLane>;
  /** How long there have been lanes that no process judges, ms. */
  readonly unownedForMs: number;
  /** Takes lanes now, and looks again from time to time. */
  start(): Promise<void>;
  /** A lane cannot go on as it is: its work is thrown away. */
  lose(lane: HeldLane, why: LaneLoss): void;
  /** Brings all lanes to an end and gives them back. */
  stop(): Promise<void>;
}

export function createLaneOwner(deps: LaneOwnerDeps): LaneOwner {
  return new KeptLanes(deps);
}

class KeptLanes implements LaneOwner {
  readonly owned = new Map<Lane, OperatedLane>();
  readonly #deps: LaneOwnerDeps;
  readonly #keeper: LaneKeeper;
  readonly #readers = new Map<OperatedLane, Promise<void>>();

  constructor(deps: LaneOwnerDeps) {
    const { settings } = deps;
    this.#deps = deps;
    this.#keeper = createLaneKeeper({
      ...deps,
      metrics: deps.registry,
      random: createRandom(deps.owner),
      signals: deps.log,
      work: {
        begin: (leases) => this.#beginAll(leases),
        finish: (leases) => this.#finish(leases),
        drop: (lease, why) => this.#drop(lease, why),
      },
      settings: {
        renewEveryMs: settings.renewEveryMs,
        finishWithinMs: settings.answerWithinMs + settings.drainWithinMs,
      },
    });
  }

  get unownedForMs(): number {
    return this.#keeper.unownedForMs;
  }

  start(): Promise<void> {
    return this.#keeper.start();
  }

  lose(lane: HeldLane, why: LaneLoss): void {
    this.#keeper.lose(lane, why);
  }

  async stop(): Promise<void> {
    await this.#keeper.stop();
    await Promise.all(this.#readers.values());
  }

  async #beginAll(leases: readonly LaneLease[]): Promise<void> {
    const { logger } = this.#deps;
    const begin = async (lease: LaneLease): Promise<void> => {
      try {
        await this.#begin(lease);
      } catch (error) {
        if (lease.signal.aborted) return;
        logger.warn('geofence.beginFailed', { lane: lease.lane, error });
        this.lose(lease, 'beginFailed');
      }
    };
    await Promise.all(leases.map(begin));
  }

  async #begin(lease: LaneLease): Promise<void> {
    const { state, log, metrics, logger, publisher } = this.#deps;
    await publisher.sendLeftOver(lease);
    const loaded = await this.#answer('loading a lane', state.load(lease.lane));
    const { last } = await this.#answer('reading bounds', log.bounds('positions', lease.lane));
    if (lease.signal.aborted) return;
    if (loaded.epoch !== lease.epoch) return this.lose(lease, 'leaseLost');
    const { committedSequence } = loaded;
    if (last < committedSequence) {
      metrics.logRegressions.inc();
      logger.error('geofence.logWentBackwards', { lane: lease.lane, last, committedSequence });
    }
    this.#read(new OperatedLane(loaded, { lease, metrics }));
  }

  #read(lane: OperatedLane): void {
    this.owned.set(lane.lane, lane);
    const reading = this.#deps.read(lane).catch((error: unknown) => {
      this.#deps.logger.warn('geofence.readFailed', { lane: lane.lane, error });
      this.lose(lane, 'readFailed');
    });
    this.#readers.set(lane, reading);
    void reading.finally(() => this.#readers.delete(lane));
  }

  async #finish(leases: readonly LaneLease[]): Promise<void> {
    const { committer } = this.#deps;
    const lanes = leases.flatMap((lease) => this.#of(lease) ?? []);
    for (const lane of lanes) lane.stopReading();
    await Promise.all(lanes.flatMap((lane) => this.#readers.get(lane) ?? []));
    await committer.finish(lanes);
    for (const lane of lanes) if (!lane.isSettled) this.lose(lane, 'finishFailed');
    await Promise.all(lanes.map((lane) => this.#drain(lane)));
    for (const lane of lanes) if (this.#of(lane.lease) === lane) this.owned.delete(lane.lane);
  }

  /** Waits until the lane's events have left; what has not by then is left to the next owner. */
  async #drain(lane: OperatedLane): Promise<void> {
    const { clock, settings, publisher, logger } = this.#deps;
    if (lane.isLost) return;
    try {
      const sent = publisher.sent(lane.lease);
      await withDeadline(clock, settings.drainWithinMs, 'sending the last events', sent);
    } catch {
      if (lane.isLost) return;
      logger.warn('geofence.eventsLeftForNextOwner', { lane: lane.lane });
      this.lose(lane, 'finishFailed');
    }
  }

  #drop(lease: LaneLease, why: LaneLoss): void {
    const lane = this.#of(lease);
    this.#deps.publisher.forget(lease);
    this.#deps.metrics.laneLost(why);
    if (lane === undefined) return;
    this.owned.delete(lease.lane);
    lane.stopReading();
  }

  #of({ lane, epoch }: HeldLane): OperatedLane | undefined {
    const operated = this.owned.get(lane);
    return operated?.epoch === epoch ? operated : undefined;
  }

  #answer<T>(what: string, work: Promise<T>): Promise<T> {
    return withDeadline(this.#deps.clock, this.#deps.settings.answerWithinMs, what, work);
  }
}
