import { useState } from 'react';
import { updateUrl, useUrlState } from '../../browser/url-state.ts';

/** The selected tracker and the view, as the address says, and whether the map follows. */
export function useSelection() {
  const { trackerId: selectedId, view: urlView } = useUrlState();
  const [following, setFollowing] = useState(false);
  return {
    selectedId,
    urlView,
    following,
    setFollowing,
    /** Selects a tracker, or nothing; another one is not followed yet. */
    choose(trackerId: number | null): void {
      if (trackerId !== selectedId) setFollowing(false);
      updateUrl({ trackerId });
    },
  };
}
