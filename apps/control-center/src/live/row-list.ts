/** Which rows there are under the filter, and in which order; in the worker, so that the page never sorts. */
import type { AlertMark, AlertMarkChanges } from './alert-mark.ts';
import { foldText, type JudgedTracker } from './live-tracker.ts';
import {
  BY_NAME,
  type Compare,
  compareRows,
  followsPositions,
  repairOrder,
  type RowSort,
} from './row-order.ts';
import {
  matchesFilter,
  NO_COUNTS,
  PASS_ALL,
  type PreparedFilter,
  shownStateOf,
  type StateCounts,
} from './tracker-filter.ts';

/** What changed, in the words of `LiveContents`. */
export interface RowChanges {
  readonly changed: ReadonlySet<number>;
  readonly renamed: ReadonlySet<number>;
}

export class RowList {
  readonly #trackers: ReadonlyMap<number, JudgedTracker>;
  #compareNames: Compare<string> = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  #filter: PreparedFilter = PASS_ALL;
  #sort: RowSort = BY_NAME;
  #compare: Compare<JudgedTracker>;
  readonly #alerts = new Map<number, AlertMark>();
  #alertsVersion = 0;
  readonly #foldedNames = new Map<number, string>();
  /** Every tracker in the order of the rows, whether the filter lets it through or not. */
  #order: readonly number[] = [];
  #sent: Int32Array = new Int32Array(0);
  /** Whose place must be found anew although no position says so. */
  readonly #doubtful = new Set<number>();
  #mustSort = false;

  constructor(trackers: ReadonlyMap<number, JudgedTracker>) {
    this.#trackers = trackers;
    this.#compare = this.#makeCompare();
  }

  /** Grows whenever alerts change. */
  get alertsVersion(): number {
    return this.#alertsVersion;
  }

  readonly alertOf = (trackerId: number): AlertMark | undefined => this.#alerts.get(trackerId);

  readonly isVisible = (tracker: JudgedTracker): boolean => {
    const { trackerId, name } = tracker;
    const foldedName = this.#foldedNames.get(trackerId) ?? foldText(name);
    return matchesFilter(this.#filter, tracker, { alert: this.#alerts.get(trackerId), foldedName });
  };

  /** Names are compared as in this language, numbers in them as numbers. */
  setLocale(locale: string): void {
    const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
    this.#compareNames = (a, b) => collator.compare(a, b);
    this.#sortAnew();
  }

  setRows(filter: PreparedFilter, sort: RowSort): void {
    const isSameSort =
      sort.column === this.#sort.column && sort.isDescending === this.#sort.isDescending;
    this.#filter = filter;
    this.#sort = sort;
    if (!isSameSort) this.#sortAnew();
  }

  changeAlerts({ marks, cleared }: AlertMarkChanges): void {
    this.#alertsVersion += 1;
    for (const mark of marks) {
      const before = this.#alerts.get(mark.trackerId);
      if (before?.severity !== mark.severity) this.#doubtful.add(mark.trackerId);
      this.#alerts.set(mark.trackerId, mark);
    }
    for (const trackerId of cleared) {
      if (this.#alerts.delete(trackerId)) this.#doubtful.add(trackerId);
    }
  }

  /** Takes over what changed. Answers the ids of the rows, or null when they are what they were. */
  update({ changed, renamed }: RowChanges): Int32Array | null {
    for (const id of renamed) {
      const tracker = this.#trackers.get(id);
      if (tracker === undefined) this.#foldedNames.delete(id);
      else this.#foldedNames.set(id, foldText(tracker.name));
      this.#doubtful.add(id);
    }
    if (followsPositions(this.#sort)) for (const id of changed) this.#doubtful.add(id);
    if (this.#doubtful.size > 0 || this.#mustSort) this.#reorder();
    return this.#takeIds();
  }

  /** How many trackers are shown as what, and how many report. */
  count(): StateCounts {
    const counts = { ...NO_COUNTS };
    for (const { trackerId, state } of this.#trackers.values()) {
      counts[shownStateOf(state, this.#alerts.get(trackerId))] += 1;
      if (state !== 'silent') counts.reporting += 1;
    }
    return counts;
  }

  #makeCompare(): Compare<JudgedTracker> {
    return compareRows(this.#sort, { alertOf: this.alertOf, compareNames: this.#compareNames });
  }

  #sortAnew(): void {
    this.#compare = this.#makeCompare();
    this.#mustSort = true;
  }

  #reorder(): void {
    const find = (id: number): JudgedTracker | undefined => this.#trackers.get(id);
    // everything in doubt is the same as sorting
    const changed = this.#mustSort ? new Set(this.#trackers.keys()) : this.#doubtful;
    this.#order = repairOrder(this.#order, changed, { find, compare: this.#compare });
    this.#doubtful.clear();
    this.#mustSort = false;
  }

  #takeIds(): Int32Array | null {
    const ids = new Int32Array(this.#order.length);
    let length = 0;
    let isSame = true;
    for (const id of this.#order) {
      const tracker = this.#trackers.get(id);
      if (tracker === undefined || !this.isVisible(tracker)) continue;
      ids[length] = id;
      isSame &&= this.#sent[length] === id;
      length += 1;
    }
    if (isSame && length === this.#sent.length) return null;
    this.#sent = ids.slice(0, length);
    // a copy leaves: what was sent is compared with next time
    return this.#sent.slice();
  }
}
