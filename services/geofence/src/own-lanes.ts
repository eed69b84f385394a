/**
 * Stage "own": which lanes this process judges. Takes those that are free, renews what it has, drops at
 * once what it lost. A dropped lane is loaded anew when it is taken again; nothing of it is kept.
 */
import type { Lane } from '@followme/model';
import { withDeadline, type CancelTimer, type Clock, type Logger } from '@followme/platform';
import type { Log } from '@followme/log';
import type { GeofenceStatePort, OwnedLane } from '@followme/store';
import { OperatedLane } from './operated-lane.ts';
import type { LaneLoss, OperatorMetrics } from './operator-metrics.ts';
import type { EventPublisher } from './publish-events.ts';
import type { GeofenceSettings } from './settings.ts';

export interface LaneOwnerDeps {
  readonly log: Log;
  readonly state: GeofenceStatePort;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  readonly settings: GeofenceSettings;
  readonly owner: string;
  readonly lanes: readonly Lane[];
  /** Reads the lane until it is let go; a rejection lets it go. */
  readonly read: (lane: OperatedLane) => Promise<void>;
}

export interface LaneOwner {
  /** The lanes owned now. */
  readonly owned: ReadonlyMap<Lane, OperatedLane>;
  /** Takes lanes now, and looks again from time to time. */
  start(): Promise<void>;
  /** Lets a lane go without telling the store: its work is thrown away. */
  drop(lane: OperatedLane, why: LaneLoss): void;
  /** Stops taking lanes and reading; what is judged stays for a last commit. */
  stopReading(): Promise<void>;
  /** Gives the lanes back to the store. */
  release(): Promise<void>;
}

export function createLaneOwner(deps: LaneOwnerDeps): LaneOwner {
  return new LeasedLanes(deps);
}

class LeasedLanes implements LaneOwner {
  readonly owned = new Map<Lane, OperatedLane>();
  readonly #deps: LaneOwnerDeps;
  readonly #readers = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #renewals = createSingleFlight();
  readonly #takings = createSingleFlight();
  #cancelTimer: CancelTimer = () => undefined;

  constructor(deps: LaneOwnerDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { clock, settings } = this.#deps;
    this.#cancelTimer = clock.every(settings.renewEveryMs, () => void this.#look());
    await this.#look();
  }

  drop(lane: OperatedLane, why: LaneLoss): void {
    if (this.owned.get(lane.lane) !== lane) return;
    this.owned.delete(lane.lane);
    lane.abort();
    this.#deps.metrics.laneLost(why);
    this.#deps.logger.warn('geofence.laneLost', { lane: lane.lane, epoch: lane.epoch, why });
  }

  async stopReading(): Promise<void> {
    this.#cancelTimer();
    this.#stopping.abort();
    await Promise.all([this.#renewals.idle(), this.#takings.idle()]);
    for (const lane of this.owned.values()) lane.abort();
    await Promise.all(this.#readers);
  }

  async release(): Promise<void> {
    if (this.owned.size === 0) return;
    const releasing = this.#deps.state.release(this.#deps.owner, this.#leases());
    await this.#answer('releasing lanes', releasing);
    this.owned.clear();
  }

  // apart from each other: leftover events that cannot leave must not let the other lanes' leases run out
  async #look(): Promise<void> {
    await Promise.all([
      this.#renewals.run(() => this.#guarded(() => this.#renew())),
      this.#takings.run(() => this.#guarded(() => this.#takeFree())),
    ]);
  }

  async #renew(): Promise<void> {
    const before = this.#leases();
    if (before.length === 0) return;
    const renewing = this.#deps.state.renew(this.#deps.owner, before);
    const kept = new Set(await this.#answer('renewing lanes', renewing));
    for (const { lane, epoch } of before) {
      const operated = this.owned.get(lane);
      if (!kept.has(lane) && operated?.epoch === epoch) this.drop(operated, 'leaseLost');
    }
  }

  async #takeFree(): Promise<void> {
    const { state, owner, lanes, publisher } = this.#deps;
    const missing = lanes.filter((lane) => !this.owned.has(lane));
    if (missing.length === 0) return;
    const taken = await this.#answer('acquiring lanes', state.acquire(owner, missing));
    if (taken.length === 0) return;
    const takenLanes = taken.map(({ lane }) => lane);
    await publisher.sendLeftOver(takenLanes, this.#stopping.signal);
    await Promise.all(taken.map((lease) => this.#guarded(() => this.#begin(lease))));
  }

  async #begin(lease: OwnedLane): Promise<void> {
    const { state, log, metrics, logger } = this.#deps;
    const loaded = await this.#answer('loading a lane', state.load(lease.lane));
    const { last } = await this.#answer('reading bounds', log.bounds('positions', lease.lane));
    if (loaded.epoch !== lease.epoch || this.#stopping.signal.aborted) return; // another's by now
    const { committedSequence } = loaded;
    if (last < committedSequence) {
      metrics.logRegressions.inc();
      logger.error('geofence.logWentBackwards', { lane: lease.lane, last, committedSequence });
    }
    this.#read(new OperatedLane(loaded, metrics));
  }

  #read(lane: OperatedLane): void {
    this.owned.set(lane.lane, lane);
    const reading = this.#deps.read(lane).catch((error: unknown) => {
      this.#deps.logger.warn('geofence.readFailed', { lane: lane.lane, error });
      this.drop(lane, 'readFailed');
    });
    this.#readers.add(reading);
    void reading.finally(() => this.#readers.delete(reading));
  }

  #leases(): OwnedLane[] {
    return Array.from(this.owned.values(), ({ lane, epoch, committedSequence }) => ({
      lane,
      epoch,
      committedSequence,
    }));
  }

  /** A failure is logged and made good by the next look: correctness hangs on epochs, not on leases. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#deps.logger.warn('geofence.leasesFailed', { error });
    }
  }

  #answer<T>(what: string, work: Promise<T>): Promise<T> {
    return withDeadline(this.#deps.clock, this.#deps.settings.answerWithinMs, what, work);
  }
}

/** Runs one work at a time; who asks meanwhile waits for the one under way. */
function createSingleFlight(): {
  run(work: () => Promise<void>): Promise<void>;
  idle(): Promise<void>;
} {
  let underWay: Promise<void> | null = null;
  return {
    run(work) {
      underWay ??= work().finally(() => (underWay = null));
      return underWay;
    },
    idle: () => underWay ?? Promise.resolve(),
  };
}
