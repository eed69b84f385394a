/** The order of the rows: by a column, with what needs attention first, kept up to date without sorting anew. */
import type { AlertMark } from './alert-mark.ts';
import { markRank } from './alert-mark.ts';
import type { LiveTracker } from './live-tracker.ts';
import { TRACKER_STATES } from './tracker-state.ts';

/** Columns that rows can be ordered by. */
export type SortColumn = 'name' | 'state' | 'speed' | 'heading' | 'heard' | 'battery';

/** How rows are ordered. */
export interface RowSort {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** As the list is: alerts first, then by name. */
export const BY_NAME: RowSort = { column: 'name', isDescending: false };

/** Negative when `a` comes first. */
export type Compare<T> = (a: T, b: T) => number;

/** What the order needs to know of trackers besides themselves. */
export interface OrderContext {
  readonly alertOf: (trackerId: number) => AlertMark | undefined;
  readonly compareNames: Compare<string>;
}

/** The value of a column; null is unknown and comes last, whichever way. */
function valueOf(tracker: LiveTracker, column: Exclude<SortColumn, 'name'>): number | null {
  const { fix, state } = tracker;
  switch (column) {
    case 'state':
      return TRACKER_STATES.indexOf(state);
    case 'speed':
      return state === 'moving' ? (fix?.speedKmh ?? null) : null;
    case 'heading':
      return fix?.headingDeg ?? null;
    case 'heard':
      // newest first reads as ascending age
      return fix === null ? null : -fix.fixMs;
    case 'battery':
      return fix?.batteryPct ?? null;
  }
}

function compareValues(a: number | null, b: number | null, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return (a - b) * sign;
}

/** The comparison for a sort. Alerts stay above everything in the order of names and of states. */
export function compareRows(sort: RowSort, context: OrderContext): Compare<LiveTracker> {
  const { column, isDescending } = sort;
  const sign = isDescending ? -1 : 1;
  const byName: Compare<LiveTracker> = (a, b) =>
    context.compareNames(a.name, b.name) || a.trackerId - b.trackerId;
  const bySeverity: Compare<LiveTracker> = (a, b) =>
    markRank(context.alertOf(a.trackerId)) - markRank(context.alertOf(b.trackerId));
  if (column === 'name') return (a, b) => bySeverity(a, b) || byName(a, b) * sign;
  if (column === 'state') {
    return (a, b) =>
      bySeverity(a, b) * sign ||
      compareValues(valueOf(a, column), valueOf(b, column), sign) ||
      byName(a, b);
  }
  return (a, b) => compareValues(valueOf(a, column), valueOf(b, column), sign) || byName(a, b);
}

/** True when a new position alone can change the order. */
export function followsPositions({ column }: RowSort): boolean {
  return column !== 'name';
}

/**
 * The order after some of its members changed, came or went: what did not change keeps its order and is merged
 * with the changed, so that n rows with k changes cost n + k log k steps, most of them without a comparison of names.
 * `order` must be in the order of `compare` apart from `changed`.
 */
export function repairOrder<T>(
  order: readonly number[],
  changed: ReadonlySet<number>,
  { find, compare }: { readonly find: (id: number) => T | undefined; readonly compare: Compare<T> },
): number[] {
  const moved: { readonly id: number; readonly value: T }[] = [];
  for (const id of changed) {
    const value = find(id);
    if (value !== undefined) moved.push({ id, value });
  }
  moved.sort((a, b) => compare(a.value, b.value));
  const kept = order.filter((id) => !changed.has(id));
  const merged: number[] = [];
  let from = 0;
  for (const { id, value } of moved) {
    const until = placeOf(value, kept, { from, find, compare });
    for (let i = from; i < until; i += 1) merged.push(kept[i] ?? 0);
    merged.push(id);
    from = until;
  }
  for (let i = from; i < kept.length; i += 1) merged.push(kept[i] ?? 0);
  return merged;
}

interface Search<T> {
  readonly from: number;
  readonly find: (id: number) => T | undefined;
  readonly compare: Compare<T>;
}

/** Where in an ordered list a value belongs, by halving. */
function placeOf<T>(value: T, ids: readonly number[], { from, find, compare }: Search<T>): number {
  let low = from;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = find(ids[middle] ?? 0);
    if (other !== undefined && compare(other, value) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
