import { useEffect, useMemo } from 'react';
import { useGroups } from '../../hooks/use-lists.ts';
import { useLive, useLiveValue } from '../../live/live-context.ts';
import { foldText } from '../../live/live-tracker.ts';
import type { RowSort } from '../../live/row-order.ts';
import type { PreparedFilter, TrackerFilter } from '../../live/tracker-filter.ts';

export interface VisibleTrackers {
  /** In the order of the rows; what the list, the table and the map show. */
  readonly ids: Int32Array;
  readonly total: number;
}

/** Tells the worker what to show, and hears which rows that are. */
export function useVisibleTrackers(filter: TrackerFilter, sort: RowSort): VisibleTrackers {
  const { store } = useLive();
  const ids = useLiveValue((snapshot) => snapshot.rowIds);
  const total = useLiveValue(({ trackers }) => trackers.size);
  const groups = useGroups().data;

  const prepared = useMemo((): PreparedFilter => {
    const foldedSearch = foldText(filter.search.trim());
    const fits = (groups ?? []).filter(({ name }) => foldText(name).includes(foldedSearch));
    return {
      foldedSearch,
      searchGroupIds: new Set(foldedSearch === '' ? [] : fits.map(({ id }) => id)),
      states: filter.states,
      groupId: filter.groupId,
    };
  }, [filter, groups]);
  useEffect(() => store.setRows(prepared, sort), [store, prepared, sort]);

  return { ids, total };
}
