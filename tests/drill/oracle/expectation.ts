/** What must be so, from the fixes that were acknowledged and the journeys they belong to. Pure. */
import { crossingsOf, isSosStep, isWatched } from '../journey.ts';
import { FIX_COLUMNS } from '../load/messages.ts';

/** A fix that the system has acknowledged. Times in ms since 1970. */
export interface KnownFix {
  readonly index: number;
  readonly step: number;
  readonly fixTimeMs: number;
  readonly madeMs: number;
  readonly acknowledgedMs: number;
}

/** A crossing that must stand in the events of its tracker, at its place. */
export interface ExpectedEvent {
  readonly kind: 'enter' | 'exit';
  readonly fence: string;
  readonly initial: boolean;
  readonly fixTimeMs: number;
  readonly acknowledgedMs: number;
}

/** Something a rule is about. */
export type ExpectedCause =
  | { readonly kind: 'crossing'; readonly index: number; readonly event: ExpectedEvent }
  | { readonly kind: 'sos'; readonly index: number; readonly fixTimeMs: number };

/** Reads what a load generator has collected. */
export function fixesOf(columns: Float64Array): KnownFix[] {
  const fixes: KnownFix[] = [];
  for (let at = 0; at < columns.length; at += FIX_COLUMNS) {
    const [index = 0, step = 0, fixTimeMs = 0, madeMs = 0, acknowledgedMs = 0] = columns.subarray(
      at,
      at + FIX_COLUMNS,
    );
    fixes.push({ index, step, fixTimeMs, madeMs, acknowledgedMs });
  }
  return fixes;
}

/** All that is expected of one system since its beginning. */
export class Expectation {
  /** Fix times by tracker index. */
  readonly fixTimes = new Map<number, number[]>();
  /** Events by tracker index, in the order of their numbers, which begin at 1. */
  readonly events = new Map<number, ExpectedEvent[]>();
  readonly causes: ExpectedCause[] = [];
  fixCount = 0;
  eventCount = 0;

  /** Fixes of a tracker come in the order of their steps. `moves`: as its journey says. */
  add(fix: KnownFix, moves: boolean): void {
    const { index, step, fixTimeMs, acknowledgedMs } = fix;
    const times = this.fixTimes.get(index) ?? [];
    if (times.length !== step)
      throw new Error(`tracker ${index}: step ${step} after ${times.length}`);
    times.push(fixTimeMs);
    this.fixTimes.set(index, times);
    this.fixCount += 1;
    if (!moves) return;
    if (isSosStep(index, step)) this.causes.push({ kind: 'sos', index, fixTimeMs });
    const events = this.events.get(index) ?? [];
    this.events.set(index, events);
    for (const crossing of crossingsOf(index, step)) {
      const event = { ...crossing, fixTimeMs, acknowledgedMs };
      events.push(event);
      this.eventCount += 1;
      if (isWatched(index)) this.causes.push({ kind: 'crossing', index, event });
    }
  }
}
