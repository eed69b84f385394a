/** Processes that share the lanes of one consumer, on one store and one log that can be taken away from each. */
import { type Lane, lanesOf, type LogSequence, trustedId } from '@followme/model';
import { createMetrics, createRandom, silentLogger, type Metrics } from '@followme/platform';
import { createFakeClock, type FakeClock } from '@followme/testkit';
import { createLaneKeeper, type LaneKeeper } from '../lane-keeper.ts';
import type { LaneLease, LaneWork } from '../lane-work.ts';
import { createMemoryLanes, type MemoryLanes } from '../memory-lanes.ts';
import type { LaneLeases } from '../port.ts';
import { createProcessClock, type ProcessClock } from './process-clock.ts';

export const LEASE_MS = 3_000;
/** How long a call of the store takes, ms. */
const CALL_MS = 4;
/** How long loading the state of lanes takes, ms. */
const LOAD_MS = 20;
const COMMIT_EVERY_MS = 50;

export interface KeeperWorld {
  readonly clock: FakeClock;
  readonly lanes: MemoryLanes;
  readonly all: readonly Lane[];
  /** Every sequence of every lane that was committed, as `lane/sequence`, in order. */
  readonly committed: string[];
  /** Longest time that a lane which somebody had worked in was worked in by nobody, ms. */
  longestGapMs: number;
  /** A process that has not started. */
  process(name: string, change?: Partial<LaneWork>): TestProcess;
  /** Time goes on, and the log grows with it. */
  advance(ms: number): Promise<void>;
}

export interface TestProcess {
  readonly name: string;
  readonly keeper: LaneKeeper;
  readonly clock: ProcessClock;
  readonly metrics: Metrics;
  /** Lanes it works in, ascending. */
  readonly working: readonly Lane[];
  /** Looks it has sent. */
  readonly looks: number;
  /** The log is silent for it, ms. */
  logSilentMs: number;
  /** Its calls of the store fail. */
  isStoreAway: boolean;
  /** It does not hear the others. */
  isDeaf: boolean;
  /** It is gone without a word. */
  kill(): void;
}

/** An installation of so many lanes, in which nothing runs. */
export function createKeeperWorld(laneCount = 16): KeeperWorld {
  const clock = createFakeClock();
  const ownership = { kind: 'leased', leaseMs: LEASE_MS } as const;
  const lanes = createMemoryLanes({ clock, ownership });
  const all = lanesOf(laneCount);
  const processes: Process[] = [];
  const gone = new Map<Lane, number>();
  const world: KeeperWorld = {
    clock,
    lanes,
    all,
    committed: [],
    longestGapMs: 0,
    process(name, change = {}) {
      const made = new Process(name, { world, hearers, change });
      processes.push(made);
      return made;
    },
    async advance(ms) {
      for (let passed = 0; passed < ms; passed += 10) {
        await clock.advance(10);
        for (const lane of all) watchGap(lane);
      }
    },
  };
  const hearers = new Set<(payload: Uint8Array) => void>();
  function watchGap(lane: Lane): void {
    const nowMs = clock.monotonicMs();
    if (processes.some((process) => process.isWorkingIn(lane))) gone.set(lane, nowMs);
    const since = gone.get(lane);
    if (since !== undefined) world.longestGapMs = Math.max(world.longestGapMs, nowMs - since);
  }
  return world;
}

interface ProcessParts {
  readonly world: KeeperWorld;
  readonly hearers: Set<(payload: Uint8Array) => void>;
  readonly change: Partial<LaneWork>;
}

class Process implements TestProcess {
  readonly name: string;
  readonly keeper: LaneKeeper;
  readonly clock: ProcessClock;
  readonly metrics = createMetrics();
  looks = 0;
  logSilentMs = 0;
  isStoreAway = false;
  isDeaf = false;
  readonly #world: KeeperWorld;
  readonly #working = new Map<Lane, LaneLease>();
  #isDead = false;
  /** Commits take turns: one at a time. */
  #committing: Promise<void> = Promise.resolve();

  constructor(name: string, { world, hearers, change }: ProcessParts) {
    this.name = name;
    this.#world = world;
    this.clock = createProcessClock(world.clock);
    const work: LaneWork = {
      begin: (leases) => this.#begin(leases),
      finish: (leases) => this.#finish(leases),
      drop: (lease) => this.#forget(lease),
      ...change,
    };
    this.keeper = createLaneKeeper({
      leases: this.#leases(),
      signals: {
        silentForMs: () => this.logSilentMs,
        broadcast: (_, payload) => {
          if (!this.#isDead) for (const hear of hearers) hear(payload);
        },
        subscribe: (_, hear) => {
          const whenAwake = (payload: Uint8Array): void => {
            if (!this.isDeaf) this.clock.whenAwake(() => hear(payload));
          };
          hearers.add(whenAwake);
          return () => void hearers.delete(whenAwake);
        },
      },
      work,
      clock: this.clock,
      random: createRandom(name),
      logger: silentLogger,
      metrics: this.metrics,
      owner: name,
      lanes: world.all,
    });
    this.clock.every(COMMIT_EVERY_MS, () => void this.#commit([...this.#working.values()]));
  }

  get working(): readonly Lane[] {
    return [...this.#working.keys()].toSorted((a, b) => a - b);
  }

  isWorkingIn(lane: Lane): boolean {
    return this.#working.has(lane) && !this.clock.isFrozen;
  }

  kill(): void {
    this.#isDead = true;
    this.clock.freeze();
  }

  async #begin(leases: readonly LaneLease[]): Promise<void> {
    await this.clock.sleep(LOAD_MS);
    for (const lease of leases) if (!lease.signal.aborted) this.#working.set(lease.lane, lease);
  }

  async #finish(leases: readonly LaneLease[]): Promise<void> {
    await this.#commit(leases);
    for (const lease of leases) this.#forget(lease);
  }

  #forget({ lane, epoch }: LaneLease): void {
    if (this.#working.get(lane)?.epoch === epoch) this.#working.delete(lane);
  }

  /** Commits all that the log has by now, as a process that does not ask whether its leases hold. */
  #commit(leases: readonly LaneLease[]): Promise<void> {
    this.#committing = this.#committing.then(async () => {
      const head = trustedId<LogSequence>(Math.floor(this.#world.clock.monotonicMs() / 100));
      const stretches = leases.map(({ lane, epoch }) => ({
        lane,
        epoch,
        fromSequence: this.#world.lanes.progress('geofence', lane)?.committedSequence,
      }));
      await this.clock.sleep(CALL_MS);
      if (this.isStoreAway) return;
      for (const { lane, epoch, fromSequence } of stretches) {
        if (fromSequence === undefined || fromSequence >= head) continue;
        const stretch = { lane, epoch, fromSequence, toSequence: head };
        if (this.#world.lanes.advance('geofence', [stretch]).size === 0) {
          this.keeper.lose({ lane, epoch }, 'fenced');
          continue;
        }
        for (let at = fromSequence + 1; at <= head; at += 1)
          this.#world.committed.push(`${lane}/${at}`);
      }
    });
    return this.#committing;
  }

  #leases(): LaneLeases {
    const real = this.#world.lanes.leases('geofence');
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      await this.clock.sleep(CALL_MS / 2);
      if (this.isStoreAway) throw new Error('the database is away');
      const answer = await work();
      await this.clock.sleep(CALL_MS / 2);
      return answer;
    };
    return {
      ...real,
      look: (...asked) => {
        this.looks += 1;
        return call(() => real.look(...asked));
      },
      acquire: (...asked) => call(() => real.acquire(...asked)),
      release: (...asked) => call(() => real.release(...asked)),
      leave: (...asked) => call(() => real.leave(...asked)),
    };
  }
}
