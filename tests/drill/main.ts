/** `npm run drill`: see `--help`. Progress goes to standard error, results to standard output. */
import { createRandom, type Random } from '@followme/platform';
import { isAtLeast, NATS_MISSING, natsProgram, natsVersion } from '@followme/testkit';
import { BUILT_PROGRAM } from '../support/processes.ts';
import { FaultFailure, type Fault } from './faults/fault.ts';
import { FAULTS } from './faults/catalogue.ts';
import type { Issue } from './oracle/issues.ts';
import { Judge, NO_VERDICT, type Verdict } from './oracle/judge.ts';
import { HELP, readOptions, type DrillOptions } from './options.ts';
import { isClean, resultOf, tableOf, type DrillReport, type FaultResult } from './report.ts';
import { restore } from './world/restore.ts';
import { openWorld, type World, type WorldKind } from './world/world.ts';

/** Load before a fault, so that everything is under way, and after it, ms. */
const LEAD_MS = { full: 2_000, short: 1_000 } as const;
const TAIL_MS = { full: 2_000, short: 500 } as const;
/** The short form begins no fault after this, however slow the machine is. */
const SHORT_LAST_START_MS = 70_000;
const SETTLE_LIMIT_MS = { full: 90_000, short: 30_000 } as const;

const beganMs = performance.now();
const say = (line: string): void => {
  const s = ((performance.now() - beganMs) / 1_000).toFixed(1).padStart(6);
  process.stderr.write(`${s} s  ${line}\n`);
};
const pass = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

interface Stage {
  readonly world: World;
  readonly judge: Judge;
}

/** At most one world at a time; a broken one is left for a new one. */
class Theatre {
  readonly #options: DrillOptions;
  #stage: Stage | null = null;

  constructor(options: DrillOptions) {
    this.#options = options;
  }

  async stageOf(kind: WorldKind): Promise<Stage> {
    if (this.#stage?.world.plan.kind === kind) return this.#stage;
    await this.leave();
    const { seed, trackers, fromSource, logLevel, isShort, natsProgram: nats } = this.#options;
    const program = fromSource ? null : BUILT_PROGRAM;
    const world = await openWorld({
      kind,
      seed,
      trackers,
      program,
      natsProgram: nats,
      logLevel,
      say,
    });
    const settleLimitMs = isShort ? SETTLE_LIMIT_MS.short : SETTLE_LIMIT_MS.full;
    this.#stage = { world, judge: new Judge(world, { settleLimitMs }) };
    return this.#stage;
  }

  /** Looks at the whole history of the present world and ends it. */
  async finish(): Promise<FaultResult | null> {
    const stage = this.#stage;
    if (stage === null) return null;
    const verdict = await stage.judge.judge();
    const issues: Issue[] = [...verdict.issues, ...(await stage.judge.judgeHistory())];
    await this.leave();
    const about = 'all that is there after the last fault, counted once more';
    const name = `whole-${stage.world.plan.kind}`;
    const more = { notes: {}, failure: null, unexpectedEnds: 0 };
    return resultOf({ name, about }, { ...verdict, issues }, more);
  }

  async leave(): Promise<void> {
    const stage = this.#stage;
    this.#stage = null;
    await stage?.world.close();
  }
}

async function drillOne(
  { world, judge }: Stage,
  fault: Fault,
  { random, isShort }: { readonly random: Random; readonly isShort: boolean },
): Promise<FaultResult> {
  const length = isShort ? 'short' : 'full';
  const endsBefore = unexpectedEnds(world);
  await world.loads[0]?.resume();
  await pass(LEAD_MS[length]);
  const know = (trackers: ReadonlyMap<number, number>): void => judge.know(trackers);
  const made = await fault
    .make({ world, random, say, pass, know })
    .then((notes) => ({ notes, failure: null }))
    .catch((error: unknown) => ({
      notes: error instanceof FaultFailure ? error.notes : {},
      failure: String(error),
    }));
  await pass(TAIL_MS[length]);
  const notWhole = await restore(world)
    .then(() => null)
    .catch((error: unknown) => `Not whole again: ${String(error)}`);
  let notJudged: string | null = null;
  const verdict = await judge.judge().catch((error: unknown): Verdict => {
    notJudged = `Could not be judged: ${String(error)}`;
    return NO_VERDICT;
  });
  if (verdict.missing !== '') for (const slot of world.slots) say(slot.lastWords());
  await world.dropLoads();
  return resultOf(fault, verdict, {
    notes: made.notes,
    failure: made.failure ?? notWhole ?? notJudged,
    unexpectedEnds: unexpectedEnds(world) - endsBefore,
  });
}

const unexpectedEnds = ({ slots }: World): number =>
  slots.reduce((sum, slot) => sum + slot.unexpectedEnds, 0);

function tellResult(result: FaultResult): void {
  const { name, lost, doubled, outOfOrder, longestDelayMs, longestAckMs, fixes, events } = result;
  const notes = Object.entries(result.notes).map(([note, value]) => `, ${note} ${value}`);
  say(
    `${name}: ${lost} lost, ${doubled} doubled, ${outOfOrder} out of order; ${fixes} fixes, ${events} events; ` +
      `longest delay ${longestDelayMs} ms, acknowledgement ${longestAckMs} ms${notes.join('')}`,
  );
  if (result.failure !== null) say(`  ${result.failure}`);
  for (const issue of result.issues) say(`  ${issue}`);
}

/** Each fault once, then, with `--minutes`, more of them by chance. */
function* plan({ faults, minutes }: DrillOptions, random: Random): Generator<Fault> {
  yield* faults;
  while (performance.now() - beganMs < minutes * 60_000) {
    // those of one world follow each other: starting one takes its time
    const last = faults.at(-1)?.world;
    const rest = faults.filter(({ world }) => world === last);
    const next = rest[random.integer(0, rest.length - 1)];
    if (next === undefined) return;
    yield next;
  }
}

/** Like `2.9.10`. */
function natsVersionOf({ natsProgram: given }: DrillOptions): string {
  const program = given ?? natsProgram();
  if (program === null) throw new Error(NATS_MISSING);
  return natsVersion(program);
}

/** The options with those faults that this nats-server can survive. */
function fitFor(
  options: DrillOptions,
  leaveOut: (name: string, why: string) => void,
): DrillOptions {
  const version = natsVersionOf(options);
  const faults = options.faults.filter(({ name, leastNats = '0' }) => {
    const isFit = isAtLeast(version, leastNats);
    const why = `nats-server ${version} may lose what it acknowledged, whatever we do; use --nats with ${leastNats} or newer`;
    if (!isFit) leaveOut(name, why);
    return isFit;
  });
  return { ...options, faults };
}

async function drill(options: DrillOptions): Promise<DrillReport> {
  const theatre = new Theatre(options);
  try {
    return await drillIn(theatre, options);
  } finally {
    await theatre.leave();
  }
}

async function drillIn(theatre: Theatre, options: DrillOptions): Promise<DrillReport> {
  const stop = (): void => {
    say('stopping …');
    void theatre.leave().finally(() => process.exit(130));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const results: FaultResult[] = [];
  const add = (result: FaultResult | null): void => {
    if (result === null) return;
    results.push(result);
    tellResult(result);
  };
  const random = createRandom(`${options.seed}/drill`);
  let kind: WorldKind | null = null;
  const leftOut: { name: string; why: string }[] = [];
  const leaveOut = (name: string, why: string): void => {
    leftOut.push({ name, why });
    say(`${name} is left out: ${why}`);
  };
  for (const fault of plan(fitFor(options, leaveOut), random)) {
    if (options.isShort && performance.now() - beganMs > SHORT_LAST_START_MS) {
      leaveOut(fault.name, 'the machine is too busy for all of the short form');
      continue;
    }
    if (kind !== null && kind !== fault.world) add(await theatre.finish());
    kind = fault.world;
    const stage = await theatre.stageOf(kind);
    say(`${fault.name}: ${fault.about}`);
    const one = {
      random: random.fork(`${fault.name}/${results.length}`),
      isShort: options.isShort,
    };
    const result = await drillOne(stage, fault, one);
    add(result);
    // what is broken would be held against the faults that follow
    if (!isClean(result)) await theatre.leave();
  }
  add(await theatre.finish());
  const sum = (of: (result: FaultResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    seed: options.seed,
    trackers: options.trackers,
    durationS: Math.round((performance.now() - beganMs) / 1_000),
    fixes: sum(({ fixes }) => fixes),
    events: sum(({ events }) => events),
    ok: results.every(isClean),
    leftOut,
    faults: results,
  };
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${HELP}\n`);
  } else if (options.list) {
    for (const { name, world, about } of FAULTS) {
      process.stdout.write(`${name.padEnd(28)} ${world.padEnd(9)} ${about}\n`);
    }
  } else {
    const report = await drill(options);
    const text = options.json ? JSON.stringify(report, null, 2) : tableOf(report);
    process.stdout.write(`${text}\n`);
    process.exit(report.ok ? 0 : 1);
  }
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
