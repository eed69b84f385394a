import type { TrackerReply } from '@followme/contracts';
import { useMemo } from 'react';
import { useGroups, useTrackers } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { MultiSelect } from '../../ui/multi-select.tsx';
import { isWatched } from './place-facts.ts';

const text = messages.places;
const NO_TRACKERS: readonly TrackerReply[] = [];

interface Props {
  /** Empty: all trackers. */
  readonly groupIds: readonly number[];
  readonly onChange: (groupIds: number[]) => void;
  /** The groups it was for are gone. */
  readonly isOrphaned?: boolean;
}

/** Whom a place is for: groups, or all trackers; and how many that are now. */
export function WatchField({ groupIds, onChange, isOrphaned = false }: Props) {
  const groups = useGroups();
  const trackers = useTrackers().data ?? NO_TRACKERS;
  const items = useMemo(
    () =>
      (groups.data ?? []).map(({ id, name, trackerIds }) => ({
        id: String(id),
        label: name,
        detail: text.watchCount(trackerIds.length),
      })),
    [groups.data],
  );
  const count = useMemo(() => {
    const wanted = groupIds.length === 0 ? null : groupIds;
    return trackers.filter((tracker) => isWatched(wanted, tracker)).length;
  }, [trackers, groupIds]);
  const isNone = groups.data?.length === 0;
  return (
    <MultiSelect
      label={text.watch}
      placeholder={groupIds.length === 0 ? text.watchHint : text.addGroup}
      description={isNone ? text.noGroups : text.watchCount(count)}
      errorMessage={isOrphaned && groupIds.length === 0 ? text.watchGone : undefined}
      items={items}
      value={groupIds.map(String)}
      onChange={(ids) => onChange(ids.map(Number))}
    />
  );
}
