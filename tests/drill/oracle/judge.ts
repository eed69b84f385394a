/**
 * Holds a system to what it has acknowledged: waits until it says it is done, then looks at everything that is there,
 * past its own code.
 */
import { waitUntil } from '@followme/testkit';
import { VIEWERS, type World } from '../world/world.ts';
import { compareEvents, compareOnce } from './compare.ts';
import { Expectation, type ExpectedCause } from './expectation.ts';
import { findInLog } from './position-stream.ts';
import { IssueBook, type Issue } from './issues.ts';
import { EventStream } from './event-stream.ts';
import type { EventRow } from './tables.ts';

/** What was seen after a fault. */
export interface Verdict {
  readonly issues: readonly Issue[];
  /** Fixes acknowledged and events expected since the last verdict. */
  readonly fixes: number;
  readonly events: number;
  /**
   * From the acknowledgement of a fix to its event's place in the stream, the longest, ms; with the embedded log, which
   * only its process can read, to the first viewer that was told.
   */
  readonly longestDelayMs: number;
  /** From a fix to its acknowledgement, the longest, ms. */
  readonly longestAckMs: number;
  /** From the last fix until everything was there, ms. */
  readonly settleMs: number;
  /** What was still missing when waiting ended; empty when nothing was. */
  readonly missing: string;
  /** Messages that arrived more than once, which is allowed once per death. */
  readonly repeatedMessages: number;
}

/** Of a system that could not be looked at. */
export const NO_VERDICT: Verdict = {
  issues: [],
  fixes: 0,
  events: 0,
  longestDelayMs: 0,
  longestAckMs: 0,
  settleMs: 0,
  missing: '',
  repeatedMessages: 0,
};

export interface JudgeOptions {
  /** Longest wait for everything to be there, ms. */
  readonly settleLimitMs: number;
}

const LOOK_EVERY_MS = 250;
/** What comes twice may come a moment later. */
const GRACE_MS = 500;

interface Window {
  fixes: number;
  events: number;
  sinceMs: number;
  longestAckMs: number;
}

const emptyWindow = (): Window => ({
  fixes: 0,
  events: 0,
  sinceMs: Number.POSITIVE_INFINITY,
  longestAckMs: 0,
});

export class Judge {
  readonly #world: World;
  readonly #options: JudgeOptions;
  readonly #expected = new Expectation();
  readonly #book = new IssueBook();
  readonly #stream: EventStream | null;
  #window = emptyWindow();
  /** Expected positions of the window, as the table tells them. */
  #positions = new Set<string>();
  readonly #acknowledgedMs = new Map<string, number>();
  /** Tracker ids by index; those beyond the fleet come later. */
  readonly #trackerIds: Map<number, number>;

  constructor(world: World, options: JudgeOptions) {
    this.#world = world;
    this.#options = options;
    this.#trackerIds = new Map(world.seeded.trackerIds.entries());
    this.#stream = world.openLog === null ? null : new EventStream(world.openLog);
  }

  /** Trackers that were added after the beginning. */
  know(trackers: ReadonlyMap<number, number>): void {
    for (const [index, trackerId] of trackers) this.#trackerIds.set(index, trackerId);
  }

  /** Ends the load's fixes, waits until everything is there, and looks. */
  async judge(): Promise<Verdict> {
    const { loads } = this.#world;
    for (const load of loads) await load.pause();
    const startMs = performance.now();
    const missing = await this.#settle();
    const settleMs = Math.round(performance.now() - startMs);
    await sleep(GRACE_MS);
    const since = await this.#look();
    const { issues, longestDelayMs } = since;
    const { fixes, events, longestAckMs } = this.#window;
    this.#window = emptyWindow();
    this.#positions = new Set();
    this.#acknowledgedMs.clear();
    const verdict: Verdict = {
      issues: this.#book.fresh(issues),
      fixes,
      events,
      longestDelayMs,
      longestAckMs: Math.round(longestAckMs),
      settleMs,
      missing,
      repeatedMessages: [...this.#world.hook.arrivals.values()].filter((count) => count > 1).length,
    };
    return verdict;
  }

  /** The whole history once more, by counts and sums. */
  async judgeHistory(): Promise<readonly Issue[]> {
    const issues: Issue[] = [];
    const rows = new Map(
      (await this.#world.tables.positionSums()).map((row) => [row.trackerId, row]),
    );
    for (const [index, times] of this.#expected.fixTimes) {
      const row = rows.get(this.#idOf(index)) ?? { rows: 0, times: 0, sum: 0 };
      const sum = times.reduce((total, time) => total + time / 1_000, 0);
      const about = `tracker ${index}: ${row.rows} rows, ${row.times} times for ${times.length} fixes`;
      if (row.times < times.length || row.sum < sum) {
        issues.push({ kind: 'lost', place: 'positions', about });
      } else if (row.rows > times.length) {
        issues.push({ kind: 'doubled', place: 'positions', about });
      }
    }
    return this.#book.fresh(issues);
  }

  async #settle(): Promise<string> {
    let missing = 'nothing was looked at';
    const look = async (): Promise<boolean> => {
      await this.#collect();
      missing = await this.#missing();
      if (missing !== '') await sleep(LOOK_EVERY_MS);
      return missing === '';
    };
    await waitUntil(look, this.#options.settleLimitMs).catch(() => undefined);
    return missing;
  }

  async #collect(): Promise<void> {
    const window = this.#window;
    for (const load of this.#world.loads) {
      for (const fix of await load.collect()) {
        const before = this.#expected.eventCount;
        this.#expected.add(fix, load.plan.moves);
        window.fixes += 1;
        window.events += this.#expected.eventCount - before;
        window.sinceMs = Math.min(window.sinceMs, fix.fixTimeMs);
        window.longestAckMs = Math.max(window.longestAckMs, fix.acknowledgedMs - fix.madeMs);
        const key = `${this.#idOf(fix.index)} ${fix.fixTimeMs}`;
        this.#positions.add(key);
        this.#acknowledgedMs.set(key, fix.acknowledgedMs);
      }
    }
  }

  /** What is still to come, in words; empty when nothing is. */
  async #missing(): Promise<string> {
    for (const load of this.#world.loads) {
      const { held } = await load.status();
      if (held > 0) return `${held} fixes are not acknowledged`;
    }
    const counts = await this.#world.tables.counts(this.#sinceMs());
    const parts = [
      ['positions', this.#positions.size - counts.positions],
      ['events', this.#expected.eventCount - counts.events],
      ['events to send', counts.unsent],
      ['messages', this.#expected.causes.length - counts.messages],
      ['messages to deliver', counts.waiting],
    ] as const;
    const open = parts.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
    if (open.length > 0) return `missing: ${open.join(', ')}`;
    const behind = (await this.#viewerIssues()).filter(({ kind }) => kind === 'lost').length;
    return behind > 0 ? `viewers are behind with ${behind} trackers` : '';
  }

  #sinceMs(): number {
    return Number.isFinite(this.#window.sinceMs) ? this.#window.sinceMs : Date.now();
  }

  async #look(): Promise<{ issues: Issue[]; longestDelayMs: number }> {
    const { tables } = this.#world;
    const positions = await tables.positions(this.#sinceMs());
    const issues = await this.#traced(compareOnce('positions', this.#positions, positions));
    const ids = await this.#compareTable(issues);
    const longestDelayMs = await this.#compareStream(issues, ids);
    const messages = new Set(this.#expected.causes.map((cause) => this.#messageKey(cause)));
    issues.push(...compareOnce('messages', messages, await tables.messageKeys()));
    const more = (await tables.occurrences()) - this.#expected.causes.length;
    for (let nth = 0; nth < Math.abs(more); nth += 1) {
      issues.push({ kind: more > 0 ? 'doubled' : 'lost', place: 'cards', about: `${nth}` });
    }
    issues.push(...(await this.#viewerIssues()));
    return { issues, longestDelayMs };
  }

  /** Says of positions that are lost whether they lie in the log. */
  async #traced(issues: Issue[]): Promise<Issue[]> {
    const { openLog } = this.#world;
    const lost = new Set(issues.flatMap(({ kind, about }) => (kind === 'lost' ? [about] : [])));
    if (openLog === null || lost.size === 0) return issues;
    const found = await findInLog(openLog, lost).catch(() => new Map<string, string>());
    return issues.map((issue) => {
      if (issue.kind !== 'lost') return issue;
      const acknowledged = new Date(this.#acknowledgedMs.get(issue.about) ?? 0).toISOString();
      const where = found.get(issue.about) ?? 'not in the log';
      return { ...issue, about: `${issue.about}: acknowledged at ${acknowledged}, ${where}` };
    });
  }

  /** Compares the table of events; answers their ids by tracker and number. */
  async #compareTable(issues: Issue[]): Promise<ReadonlyMap<string, string>> {
    const seen = new Map<number, EventRow[]>();
    for (const row of await this.#world.tables.events()) {
      const rows = seen.get(row.trackerId) ?? [];
      seen.set(row.trackerId, rows);
      rows.push(row);
    }
    const ids = new Map<string, string>();
    for (const [index, expected] of this.#expected.events) {
      const rows = seen.get(this.#idOf(index)) ?? [];
      issues.push(...compareEvents('events', index, { expected, seen: rows }));
      for (const { eventSeq, eventId } of rows) ids.set(`${index} ${eventSeq}`, eventId);
    }
    return ids;
  }

  /** Compares the stream of events; answers the longest delay of those that are new. */
  async #compareStream(issues: Issue[], ids: ReadonlyMap<string, string>): Promise<number> {
    if (this.#stream === null) return this.#longestTelling();
    const fresh = await this.#stream.readOn();
    let longestMs = 0;
    for (const [index, expected] of this.#expected.events) {
      const trackerId = this.#idOf(index);
      const seen = this.#stream.eventsOf(trackerId);
      issues.push(...compareEvents('stream', index, { expected, seen }));
      for (const { eventSeq, eventId } of seen) {
        if (ids.get(`${index} ${eventSeq}`) === eventId) continue;
        issues.push({ kind: 'doubled', place: 'stream', about: `id ${index} ${eventSeq}` });
      }
      for (const { eventSeq, storedTimeMs } of fresh.get(trackerId) ?? []) {
        const acknowledgedMs = expected[eventSeq - 1]?.acknowledgedMs ?? storedTimeMs;
        longestMs = Math.max(longestMs, storedTimeMs - acknowledgedMs);
      }
    }
    return Math.round(longestMs);
  }

  async #longestTelling(): Promise<number> {
    const told = new Map<string, number>();
    for (const name of VIEWERS) {
      const events = await this.#world.watchers.takeEvents(name);
      for (let at = 0; at < events.length; at += 3) {
        const key = `${events[at]} ${events[at + 1]}`;
        told.set(key, Math.min(told.get(key) ?? Infinity, events[at + 2] ?? Infinity));
      }
    }
    let longestMs = 0;
    for (const [index, expected] of this.#expected.events) {
      for (const [at, { acknowledgedMs }] of expected.entries()) {
        const atMs = told.get(`${this.#idOf(index)} ${at + 1}`) ?? acknowledgedMs;
        longestMs = Math.max(longestMs, atMs - acknowledgedMs);
      }
    }
    return Math.round(longestMs);
  }

  async #viewerIssues(): Promise<Issue[]> {
    const issues: Issue[] = [];
    for (const name of VIEWERS) {
      const { newest, backwards } = await this.#world.watchers.report(name);
      const seen = new Map<number, number>();
      for (let at = 0; at < newest.length; at += 2) seen.set(newest[at] ?? 0, newest[at + 1] ?? 0);
      for (const index of this.#expected.events.keys()) {
        const wanted = this.#expected.fixTimes.get(index)?.at(-1);
        if (seen.get(this.#idOf(index)) === wanted) continue;
        issues.push({ kind: 'lost', place: 'viewers', about: `${name}: ${index} at ${wanted}` });
      }
      for (let nth = 0; nth < backwards; nth += 1) {
        issues.push({ kind: 'outOfOrder', place: 'viewers', about: `${name} ${nth}` });
      }
    }
    return issues;
  }

  #idOf(index: number): number {
    const trackerId = this.#trackerIds.get(index);
    if (trackerId === undefined) throw new Error(`Nobody made tracker ${index}`);
    return trackerId;
  }

  /** As the notification service names the message about a cause. */
  #messageKey(cause: ExpectedCause): string {
    const { crossingRuleId, sosRuleId, fenceIds, webhookId } = this.#world.seeded;
    const tracker = this.#idOf(cause.index);
    const to = `alert:webhook:${webhookId}`;
    if (cause.kind === 'sos') return `r${sosRuleId}:t${tracker}:sos:${cause.fixTimeMs}:${to}`;
    const { fence, kind, fixTimeMs } = cause.event;
    return `r${crossingRuleId}:t${tracker}:f${fenceIds.get(fence)}:${kind}:${fixTimeMs}:${to}`;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
