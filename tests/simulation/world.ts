/** A simulated installation: engines, processes, devices, and the faults of a plan. */
import { type Lane, lanesOf, type LogSequence, trustedId } from '@followme/model';
import { createRandom, createMetrics, type Logger, type Random } from '@followme/platform';
import { createMemoryLanes } from '@followme/store';
import {
  createLaneBatcher,
  type LaneBatcher,
} from '../../services/tracker/src/append/lane-batcher.ts';
import { Engine, FAIR_WEATHER, type Failure, type Weather } from './engine.ts';
import { SimulatedFences } from './fences.ts';
import { Fleet } from './fleet.ts';
import { AlertsTable, drawRules } from './alerts-table.ts';
import { createNotificationRole, Receivers } from './notification-role.ts';
import { LaneAudit, type LaneTables } from './lane-audit.ts';
import { createLiveRole, type LiveRole } from './live-role.ts';
import { createOperatorRole, OperatorStore } from './operator-role.ts';
import type { Fault, Plan } from './plan.ts';
import { PositionsTable } from './positions-table.ts';
import { SimulatedProcess } from './process.ts';
import { createRecorderRole } from './recorder-role.ts';
import { SimulatedRegistry } from './registry.ts';
import { expectedOf, type Expected } from './reference.ts';
import type { Role } from './role.ts';
import type { Schedule } from './schedule.ts';
import { SimulatedLog, type ReaderWeather } from './simulated-log.ts';
import { VIEW_GROUPS, Viewer } from './viewers.ts';

/** As in production, ms. */
const LEASE_MS = 3_000;
/** The store's own time-out of a call; shorter than in production, so that a run sees it. */
const STORE_ANSWERS_WITHIN_MS = 8_000;
/** A process that ended is started again after so long. */
const RESTART_MS = 300;

const BAD_WEATHER: Weather = {
  requestLost: 0.08,
  answerLost: 0.08,
  slow: 0.15,
  slowMs: 3_000,
  usualMs: 25,
};
const BAD_READERS: ReaderWeather = {
  stall: 0.15,
  stallMs: 4_000,
  end: 0.05,
  fail: 0.05,
  deaf: 0.4,
};

/** Errors as the driver of the database gives them. */
function storeError(failure: Failure, what: string): Error {
  const code =
    failure === 'refused' ? 'ECONNREFUSED' : failure === 'no answer' ? '57014' : 'ECONNRESET';
  return Object.assign(new Error(`${what}: ${failure}`), { code });
}

/** One place for a process: its present life, and how often it was started. */
interface Place {
  readonly number: number;
  life: Life | null;
  lives: number;
}

interface Life {
  readonly process: SimulatedProcess;
  readonly batcher: LaneBatcher;
  readonly roles: readonly Role[];
  readonly live: LiveRole | null;
  isStarted: boolean;
  /** It is on its way out and takes no devices. */
  isLeaving: boolean;
}

/** What a world is made of. */
export interface WorldDeps {
  readonly plan: Plan;
  readonly schedule: Schedule;
  /** Log lines of the services go here. */
  readonly logger: Logger;
}

/** One installation for one run. */
export class World {
  readonly plan: Plan;
  readonly schedule: Schedule;
  readonly log: SimulatedLog;
  readonly store: Engine;
  readonly fences: SimulatedFences;
  readonly fleet: Fleet;
  readonly operator: OperatorStore;
  readonly tables: LaneTables;
  readonly positions: PositionsTable;
  readonly registry: SimulatedRegistry;
  readonly alerts: AlertsTable;
  readonly receivers = new Receivers();
  /** The way to mail servers and webhooks. */
  readonly outside: Engine;
  readonly viewers: readonly Viewer[];
  /** What must never happen and did. */
  readonly violations: string[] = [];
  readonly #random: Random;
  readonly #logger: Logger;
  readonly #places: readonly Place[];
  #expected: { readonly appended: number; readonly of: Expected } | null = null;

  constructor({ plan, schedule, logger }: WorldDeps) {
    this.plan = plan;
    this.schedule = schedule;
    this.#logger = logger;
    this.#random = createRandom(`${plan.seed}/world`);
    this.log = new SimulatedLog({ schedule, random: this.#random.fork('log'), lanes: plan.lanes });
    this.store = new Engine({
      schedule,
      random: this.#random.fork('store'),
      name: 'store',
      answerWithinMs: STORE_ANSWERS_WITHIN_MS,
      errorOf: storeError,
    });
    this.outside = new Engine({
      schedule,
      random: this.#random.fork('outside'),
      name: 'receiver',
      answerWithinMs: STORE_ANSWERS_WITHIN_MS,
      errorOf: (failure, what) => new Error(`${what}: ${failure}`),
    });
    const violate = (what: string): void => void this.violations.push(what);
    this.fences = new SimulatedFences({
      random: this.#random.fork('fences'),
      trackers: plan.trackers,
    });
    const clock = { monotonicMs: () => schedule.nowMs };
    const ownership = { kind: 'leased', leaseMs: LEASE_MS } as const;
    this.tables = { lanes: createMemoryLanes({ clock, ownership }), audit: new LaneAudit(violate) };
    this.positions = new PositionsTable(this.tables.lanes);
    this.alerts = new AlertsTable({
      ...this.tables,
      rules: drawRules(this.#random.fork('rules')),
      trackers: plan.trackers,
    });
    // an installation that was there before its first fix
    const places = this.lanes.map((lane) => ({ lane, sequence: trustedId<LogSequence>(0) }));
    for (const input of ['crossings', 'alarms'] as const) this.alerts.begin(input, places);
    this.registry = new SimulatedRegistry({
      random: this.#random.fork('registry'),
      trackers: plan.trackers,
    });
    this.operator = new OperatorStore({ tables: this.tables, violate });
    this.fleet = new Fleet({
      schedule,
      random: this.#random.fork('fleet'),
      entrances: () => this.lives.filter(({ isStarted, isLeaving }) => isStarted && !isLeaving),
    });
    this.viewers = plan.services.has('live') ? this.#makeViewers(violate) : [];
    this.#places = Array.from({ length: plan.processes }, (_, at) => ({
      number: at + 1,
      life: null,
      lives: 0,
    }));
  }

  /** What has to come of all that is in the log now. */
  get expected(): Expected {
    const { appended } = this.log;
    if (this.#expected?.appended !== appended) {
      this.#expected = { appended, of: expectedOf(this.log, this.fences) };
    }
    return this.#expected.of;
  }

  get lanes(): readonly Lane[] {
    return lanesOf(this.plan.lanes);
  }
  get lives(): readonly Life[] {
    return this.#places.flatMap(({ life }) => (life === null ? [] : [life]));
  }

  /** Who sees all, who sees a group, and who reads slowly. */
  #makeViewers(violate: (what: string) => void): readonly Viewer[] {
    return [...VIEW_GROUPS, null].map((groupId, at) => {
      const name = groupId === null ? 'viewer of all' : `viewer of ${groupId}`;
      return new Viewer({
        schedule: this.schedule,
        random: this.#random.fork(name),
        name,
        audience: groupId === null ? 'all' : new Set([groupId]),
        weight: at === 0 ? 400 : 1,
        violate,
        windows: () =>
          this.lives.flatMap(({ process, live, isLeaving }) =>
            live?.hub == null || isLeaving ? [] : [{ process, hub: live.hub }],
          ),
      });
    });
  }

  /** Puts everything of the plan on the schedule. */
  begin(): void {
    for (const place of this.#places) {
      const afterMs = this.#random.next() * 200;
      this.schedule.after(afterMs, `process ${place.number} starts`, () => this.#spawn(place));
    }
    for (const atMs of this.plan.fenceChangesMs) {
      this.schedule.after(atMs, 'somebody edits fences', () => this.fences.edit());
    }
    for (const atMs of this.plan.registryChangesMs) {
      this.schedule.after(atMs, 'somebody moves a tracker', () => this.registry.edit());
    }
    for (const atMs of this.plan.closingsMs) {
      this.schedule.after(atMs, 'somebody closes a card', () => this.alerts.close(this.#random));
    }
    for (const atMs of this.plan.trimsMs) {
      this.schedule.after(atMs, 'the log is trimmed', () => this.#trim());
    }
    this.fleet.plan(this.plan.fixes);
    for (const fault of this.plan.faults) {
      this.schedule.after(fault.atMs, `fault: ${fault.kind}`, () => this.#strike(fault));
    }
  }

  /** Everything is mended for good. */
  mendAll(): void {
    this.log.readers = { stall: 0, stallMs: 0, end: 0, fail: 0, deaf: 0 };
    for (const engine of [this.log.engine, this.store, this.outside]) {
      engine.weather = FAIR_WEATHER;
      engine.comeUp();
      for (const { process } of this.lives) engine.mend(process.name);
    }
    for (const { process } of this.lives) process.thaw();
  }

  /** Every process stops in order and none comes back. What goes wrong with it is a violation. */
  leaveAll(): void {
    for (const life of this.lives) {
      life.process.after(0, 'is told to stop for good', () => {
        this.#leave(life).then(
          () => life.process.kill(),
          (error: unknown) => {
            this.violations.push(`${life.process.name} did not stop in order: ${String(error)}`);
          },
        );
      });
    }
  }

  /** Nobody is there any more. */
  get isLeft(): boolean {
    return this.lives.every(({ process }) => process.state === 'dead');
  }

  /** What code waits for, in all processes. */
  get pending(): readonly string[] {
    return this.lives.flatMap(({ process }) => process.pending);
  }

  /** As the tracker service does it: never past what a consumer still has to read. */
  #trim(): void {
    const { services } = this.plan;
    for (const lane of this.lanes) {
      const done = [
        ...(services.has('operator') ? [this.tables.audit.committed('geofence', lane)] : []),
        ...(services.has('raiser') ? [this.tables.audit.committed('alarms', lane)] : []),
        ...(services.has('recorder')
          ? [this.tables.lanes.progress('recorder', lane)?.stateSequence ?? 0]
          : []),
      ];
      this.log.trim('positions', lane, Math.min(...done) + 1);
    }
  }

  #spawn(place: Place): void {
    place.lives += 1;
    const name = `p${place.number}.${place.lives}`;
    const process = new SimulatedProcess({
      schedule: this.schedule,
      random: this.#random.fork(name),
      name,
    });
    const logger = this.#logger.child({ process: name });
    const log = this.log.connect(process);
    const context = { process, log, storeEngine: this.store, logger, lanes: this.lanes };
    const { services } = this.plan;
    const roles: Role[] = [];
    if (services.has('operator')) {
      roles.push(createOperatorRole(context, { store: this.operator, fences: this.fences }));
    }
    if (services.has('recorder')) {
      roles.push(createRecorderRole(context, { ...this.tables, positions: this.positions }));
    }
    if (services.has('raiser')) {
      const { tables, alerts, receivers, outside } = this;
      roles.push(createNotificationRole(context, { tables, alerts, receivers, outside }));
    }
    const { positions, registry, fences } = this;
    const live = services.has('live')
      ? createLiveRole(context, { positions, registry, fences })
      : null;
    if (live !== null) roles.push(live);
    const batcher = createLaneBatcher({
      log,
      clock: process.clock,
      logger,
      metrics: createMetrics(),
    });
    const life: Life = { process, batcher, roles, live, isStarted: false, isLeaving: false };
    place.life = life;
    void this.#start(place, life);
  }

  /** Starts what a process is made of; one that cannot start ends and is started again. */
  async #start(place: Place, life: Life): Promise<void> {
    try {
      for (const role of life.roles) await role.start();
      life.isStarted = true;
    } catch (error) {
      this.schedule.note(`${life.process.name} cannot start: ${String(error)}`);
      this.#end(place, life, RESTART_MS);
    }
  }

  /** Ends a life at once, as by SIGKILL, and begins the next one in `restartMs`. */
  #end(place: Place, life: Life, restartMs: number): void {
    if (place.life !== life) return;
    life.process.kill();
    place.life = null;
    this.schedule.after(restartMs, `process ${place.number} starts again`, () =>
      this.#spawn(place),
    );
  }

  /** SIGTERM: it stops in order, in reverse of its start, and is replaced. */
  async #replace(place: Place, life: Life): Promise<void> {
    if (life.isLeaving) return;
    try {
      await this.#leave(life);
    } catch (error) {
      this.schedule.note(`${life.process.name} did not stop in order: ${String(error)}`);
    }
    this.#end(place, life, 50);
  }

  async #leave(life: Life): Promise<void> {
    life.isLeaving = true;
    await life.batcher.flush();
    await life.batcher.stop();
    for (const role of life.roles.toReversed()) await role.stop();
  }

  #strike(fault: Fault): void {
    const { schedule, store } = this;
    const later = (what: string, run: () => void): void =>
      void schedule.after(fault.forMs, what, run);
    switch (fault.kind) {
      case 'logDown':
      case 'storeDown': {
        const engine = fault.kind === 'logDown' ? this.log.engine : store;
        engine.goDown();
        return later(`${fault.kind} ends`, () => engine.comeUp());
      }
      case 'logHung':
      case 'storeHung': {
        const engine = fault.kind === 'logHung' ? this.log.engine : store;
        engine.hang();
        return later(`${fault.kind} ends`, () => engine.comeUp());
      }
      case 'badWeather':
        this.log.readers = BAD_READERS;
        this.log.engine.weather = BAD_WEATHER;
        store.weather = BAD_WEATHER;
        this.outside.weather = BAD_WEATHER;
        return later('the weather is fair again', () => {
          this.log.calmDown();
          this.log.engine.weather = FAIR_WEATHER;
          store.weather = FAIR_WEATHER;
          this.outside.weather = FAIR_WEATHER;
        });
      case 'kill':
      case 'freeze':
      case 'replace':
      case 'cutLog':
      case 'cutStore':
        return this.#strikeProcess(fault, later);
    }
  }

  #strikeProcess(
    fault: Extract<Fault, { readonly process: number }>,
    later: (what: string, run: () => void) => void,
  ): void {
    const place = this.#places[fault.process];
    const life = place?.life ?? null;
    if (place === undefined || life === null) return;
    const { process } = life;
    const engine = fault.kind === 'cutLog' ? this.log.engine : this.store;
    switch (fault.kind) {
      case 'kill':
        return this.#end(place, life, fault.forMs);
      case 'replace':
        process.after(0, 'is told to stop', () => void this.#replace(place, life));
        return;
      case 'freeze':
        process.freeze();
        return later(`${process.name} goes on`, () => process.thaw());
      case 'cutLog':
      case 'cutStore':
        engine.cut(process.name);
        return later(`${process.name} is no longer cut off`, () => engine.mend(process.name));
    }
  }
}
