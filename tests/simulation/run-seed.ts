/** One seed: the plan is carried out, the world comes to rest, and everything is compared with the reference. */
import type { Logger } from '@followme/platform';
import { findFaults, leaveFaults, whatIsUnquiet } from './oracle.ts';
import { describePlan, planOf, type Cast } from './plan.ts';
import { Schedule, type TraceLine } from './schedule.ts';
import { World } from './world.ts';

/** Longest that a world whose troubles are over may take to come to rest, virtual ms. */
const REST_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 250;
/** It has to be at rest at so many looks in a row: what comes late must not undo it. */
const LOOKS_AT_REST = 5;
/** Longest that leaving in order may take: calls that the troubles left unanswered are waited for. */
const LEAVE_WITHIN_MS = 15_000;
const MAX_EVENTS = 400_000;

/** What a run came to. */
export interface RunOutcome {
  /** What is wrong; empty when all is as it has to be. */
  readonly faults: readonly string[];
  /** Of the whole trace: equal hashes, equal runs. */
  readonly hash: string;
  readonly events: number;
  /** Virtual time from the end of the troubles to rest, ms. */
  readonly restedAfterMs: number;
  readonly lines: readonly TraceLine[];
  readonly plan: readonly string[];
}

/** Runs a seed. */
export async function runSeed(
  seed: number,
  cast: Cast,
  options: { readonly logger: Logger; readonly keepLines?: number },
): Promise<RunOutcome> {
  const plan = planOf(seed, cast);
  const schedule = new Schedule({ keepLines: options.keepLines ?? 0, maxEvents: MAX_EVENTS });
  const world = new World({ plan, schedule, logger: options.logger });
  const faults: string[] = [];
  let restedAfterMs = 0;
  try {
    world.begin();
    await schedule.advance(plan.troubledMs);
    world.mendAll();
    let unquiet: readonly string[] = ['it has not been looked at'];
    for (let looks = 0; looks < LOOKS_AT_REST; looks = unquiet.length === 0 ? looks + 1 : 0) {
      if (restedAfterMs >= REST_WITHIN_MS || world.violations.length > 0) break;
      await schedule.advance(LOOK_EVERY_MS);
      restedAfterMs += LOOK_EVERY_MS;
      unquiet = whatIsUnquiet(world);
    }
    if (unquiet.length > 0)
      faults.push(...unquiet.map((what) => `no rest: ${what}`), ...world.pending);
    else {
      faults.push(...findFaults(world));
      world.leaveAll();
      for (let waitedMs = 0; waitedMs < LEAVE_WITHIN_MS && !world.isLeft;) {
        await schedule.advance(LOOK_EVERY_MS);
        waitedMs += LOOK_EVERY_MS;
      }
      faults.push(...leaveFaults(world));
    }
  } catch (error) {
    faults.push(`the run broke off: ${error instanceof Error ? error.stack : String(error)}`);
  }
  return {
    faults: [...world.violations, ...faults],
    hash: schedule.hash,
    events: schedule.events,
    restedAfterMs,
    lines: schedule.lines,
    plan: describePlan(plan),
  };
}
