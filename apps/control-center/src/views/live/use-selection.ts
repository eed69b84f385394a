import { useState } from 'react';
import type { ClusterMembers } from '../../live/live-store.ts';
import { updateUrl, useUrlState } from '../../browser/url-state.ts';

/** The selected tracker and the view, as the address says, and whether the map follows. */
export function useSelection() {
  const { trackerId: selectedId, view: urlView } = useUrlState();
  const [following, setFollowing] = useState(false);
  const [cluster, setCluster] = useState<ClusterMembers | null>(null);
  return {
    selectedId,
    urlView,
    following,
    setFollowing,
    /** The cluster that is open in place of a tracker. */
    cluster: selectedId === null ? cluster : null,
    openCluster(members: ClusterMembers): void {
      setFollowing(false);
      setCluster(members);
      updateUrl({ trackerId: null });
    },
    /** Selects a tracker, or nothing; another one is not followed yet. */
    choose(trackerId: number | null): void {
      if (trackerId !== selectedId) setFollowing(false);
      setCluster(null);
      updateUrl({ trackerId });
    },
  };
}
