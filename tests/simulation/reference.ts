/**
 * What must come out, said as plainly as can be: read the log from its beginning, one tracker at a time, with
 * squares and comparisons and none of the code under test.
 */
import { alarmOfRow, decodeFencesChanged, FLAG, recordKindOf, RowCursor } from '@followme/model';
import { holds, type SimulatedFences, type Square } from './fences.ts';
import { identityOf } from './fleet.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** A crossing as the reference knows it. */
export interface ExpectedEvent {
  readonly tracker: number;
  readonly number: number;
  readonly kind: 'enter' | 'exit';
  readonly fenceId: number;
  readonly fixTimeMs: number;
  readonly reason: string;
  readonly initial: boolean;
}

export interface Expected {
  /** Identities of the fixes in the log. */
  readonly fixes: ReadonlySet<string>;
  readonly events: readonly ExpectedEvent[];
  /** Newest fix time of each tracker, and the longitudes its fixes of that time name. */
  readonly newest: ReadonlyMap<
    number,
    { readonly timeMs: number; readonly lons: ReadonlySet<number> }
  >;
  /** SOS in the order of the log, by tracker: the times of their fixes. */
  readonly sos: ReadonlyMap<number, readonly number[]>;
  /** The newest version of fences that each lane was told of. */
  readonly fencesVersions: readonly number[];
}

interface Last {
  readonly timeMs: number;
  readonly lon: number;
  readonly inside: readonly number[];
}

/** Reads the log; to be asked when nothing is appended any more. */
export function expectedOf(log: SimulatedLog, fences: SimulatedFences): Expected {
  const fixes = new Set<string>();
  const events: ExpectedEvent[] = [];
  const newest = new Map<number, { timeMs: number; lons: Set<number> }>();
  const sos = new Map<number, number[]>();
  const fencesVersions: number[] = [];
  for (const lane of log.lanes) {
    const reader = new LaneReference(fences, events);
    for (const { payload } of log.records('positions', lane)) {
      if (recordKindOf(payload) === 'fencesChanged') {
        const change = decodeFencesChanged(payload);
        if (!change.ok) throw new Error('A control record cannot be read');
        reader.changeFences(change.value.fencesVersion);
        continue;
      }
      const row = new RowCursor();
      row.open(payload);
      while (row.next()) {
        const timeMs = row.fixTimeMs;
        const lon = row.lonE7 / 1e7;
        fixes.add(identityOf(row.buffer, row.offset));
        const known = newest.get(row.trackerId);
        if (known === undefined || timeMs > known.timeMs) {
          newest.set(row.trackerId, { timeMs, lons: new Set([lon]) });
        } else if (timeMs === known.timeMs) known.lons.add(lon);
        if (alarmOfRow(row) === 'sos') {
          sos.set(row.trackerId, [...(sos.get(row.trackerId) ?? []), timeMs]);
        }
        if ((row.flags & FLAG.valid) !== 0) reader.fix(row.trackerId, timeMs, lon);
      }
    }
    fencesVersions.push(reader.version);
  }
  return { fixes, events, newest, sos, fencesVersions };
}

/** One lane, judged record after record. */
class LaneReference {
  readonly #fences: SimulatedFences;
  readonly #events: ExpectedEvent[];
  readonly #trackers = new Map<number, Last>();
  readonly #numbers = new Map<number, number>();
  /** The version in force. */
  #version = 0;

  constructor(fences: SimulatedFences, events: ExpectedEvent[]) {
    this.#fences = fences;
    this.#events = events;
  }

  get version(): number {
    return this.#version;
  }

  fix(tracker: number, timeMs: number, lon: number): void {
    const last = this.#trackers.get(tracker);
    if (last !== undefined && timeMs <= last.timeMs) return;
    const inside = this.#insideAt(tracker, lon);
    this.#trackers.set(tracker, { timeMs, lon, inside });
    this.#tell(tracker, last?.inside ?? [], (_, kind) => ({
      reason: 'fix',
      initial: last === undefined && kind === 'enter',
    }));
  }

  changeFences(version: number): void {
    if (version <= this.#version) return;
    const had = new Set(this.#squares().map(({ fenceId }) => fenceId));
    this.#version = version;
    const has = new Set(this.#squares().map(({ fenceId }) => fenceId));
    for (const [tracker, last] of this.#trackers) {
      this.#trackers.set(tracker, { ...last, inside: this.#insideAt(tracker, last.lon) });
      this.#tell(tracker, last.inside, (fenceId, kind) => {
        const came = kind === 'enter' && !had.has(fenceId);
        const went = kind === 'exit' && !has.has(fenceId);
        const reason = came ? 'fenceCreated' : went ? 'fenceDeleted' : 'fenceUpdated';
        return { reason, initial: false };
      });
    }
  }

  #squares(): readonly Square[] {
    return this.#fences.squaresAt(this.#version);
  }

  #insideAt(tracker: number, lon: number): readonly number[] {
    return this.#squares()
      .filter((square) => holds(square, tracker, lon))
      .map(({ fenceId }) => fenceId);
  }

  #tell(
    tracker: number,
    before: readonly number[],
    rest: (fenceId: number, kind: 'enter' | 'exit') => { reason: string; initial: boolean },
  ): void {
    const now = this.#trackers.get(tracker);
    if (now === undefined) return;
    const step = (kind: 'enter' | 'exit') => (fenceId: number) => {
      const number = (this.#numbers.get(tracker) ?? 0) + 1;
      this.#numbers.set(tracker, number);
      const fixTimeMs = now.timeMs;
      this.#events.push({ tracker, number, kind, fenceId, fixTimeMs, ...rest(fenceId, kind) });
    };
    before.filter((fenceId) => !now.inside.includes(fenceId)).forEach(step('exit'));
    now.inside.filter((fenceId) => !before.includes(fenceId)).forEach(step('enter'));
  }
}
