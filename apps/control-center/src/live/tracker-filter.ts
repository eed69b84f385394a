/** What list, table and map are narrowed to, and how trackers are counted: one rule for all of them. */
import type { AlertMark } from './alert-mark.ts';
import type { LiveTracker } from './live-tracker.ts';
import type { TrackerState } from './tracker-state.ts';

/** A tracker with an alert is counted as such, whatever else it does. */
export type ShownState = 'alert' | TrackerState;

/** In the order of the chips. */
export const SHOWN_STATES: readonly ShownState[] = ['alert', 'moving', 'idle', 'silent'];

/** How many trackers are shown as what, together all; and how many report, with an alert or without. */
export type StateCounts = Readonly<Record<ShownState | 'reporting', number>>;

/** Nothing was counted yet. */
export const NO_COUNTS: StateCounts = { alert: 0, moving: 0, idle: 0, silent: 0, reporting: 0 };

/** What people chose. */
export interface TrackerFilter {
  readonly search: string;
  /** Empty means every state. */
  readonly states: ReadonlySet<ShownState>;
  /** Null means all groups. */
  readonly groupId: number | null;
}

export const NO_FILTER: TrackerFilter = { search: '', states: new Set(), groupId: null };

/** The filter after a click on a chip: all chosen is the same as none. */
export function toggleState(filter: TrackerFilter, state: ShownState): TrackerFilter {
  const states = new Set(filter.states);
  if (!states.delete(state)) states.add(state);
  return { ...filter, states: states.size === SHOWN_STATES.length ? new Set() : states };
}

/** A filter ready to be asked of every tracker. */
export interface PreparedFilter {
  /** Went through `foldText` once. */
  readonly foldedSearch: string;
  /** Groups whose name fits the search: their trackers fit too. */
  readonly searchGroupIds: ReadonlySet<number>;
  readonly states: ReadonlySet<ShownState>;
  readonly groupId: number | null;
}

/** Lets everything through. */
export const PASS_ALL: PreparedFilter = {
  foldedSearch: '',
  searchGroupIds: new Set(),
  states: new Set(),
  groupId: null,
};

/** As what a tracker is shown and counted. */
export function shownStateOf(state: TrackerState, alert: AlertMark | undefined): ShownState {
  return alert === undefined ? state : 'alert';
}

/** Decides for list, table and map alike. `foldedName` is the name after `foldText`. */
export function matchesFilter(
  filter: PreparedFilter,
  tracker: LiveTracker,
  known: { readonly alert: AlertMark | undefined; readonly foldedName: string },
): boolean {
  const { states, groupId, foldedSearch, searchGroupIds } = filter;
  if (states.size > 0 && !states.has(shownStateOf(tracker.state, known.alert))) return false;
  if (groupId !== null && !tracker.groupIds.includes(groupId)) return false;
  if (foldedSearch === '' || known.foldedName.includes(foldedSearch)) return true;
  return tracker.groupIds.some((id) => searchGroupIds.has(id));
}
