import { useMemo } from 'react';
import { useLive, useLiveValue } from '../../live/live-context.ts';
import {
  foldText,
  type LiveTracker,
  matchesFilter,
  type TrackerFilter,
} from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';

const byName = new Intl.Collator(messages.locale, { numeric: true, sensitivity: 'base' });

export interface VisibleTrackers {
  /** Ids by name; what the list, the table and the map show. */
  readonly ids: readonly number[];
  readonly total: number;
  readonly isVisible: (tracker: LiveTracker) => boolean;
}

/** Narrows the trackers to a filter. Sorted again only when a tracker came, went or was renamed. */
export function useVisibleTrackers(filter: TrackerFilter): VisibleTrackers {
  const { store } = useLive();
  const rosterVersion = useLiveValue((snapshot) => snapshot.rosterVersion);
  const stateVersion = useLiveValue((snapshot) => snapshot.stateVersion);

  const sorted = useMemo(() => {
    const all = [...store.snapshot().trackers.values()];
    return all.sort((a, b) => byName.compare(a.name, b.name) || a.trackerId - b.trackerId);
    // the version stands for the content of the living map
  }, [store, rosterVersion]);

  const isVisible = useMemo(() => {
    const search = foldText(filter.search.trim());
    return (tracker: LiveTracker) => matchesFilter(tracker, search, filter.states);
  }, [filter]);

  const relevantStates = filter.states.size > 0 ? stateVersion : 0;
  const ids = useMemo(() => {
    const { trackers } = store.snapshot();
    return sorted
      .filter(({ trackerId }) => {
        const tracker = trackers.get(trackerId);
        return tracker !== undefined && isVisible(tracker);
      })
      .map(({ trackerId }) => trackerId);
  }, [store, sorted, isVisible, relevantStates]);

  return { ids, total: sorted.length, isVisible };
}
