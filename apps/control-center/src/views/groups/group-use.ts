/** What depends on a group, so that people see the consequences before they delete it. */
import type { FenceReply, GroupReply, RuleReply } from '@followme/contracts';

/** How many lose the group, and how many name it. */
export interface GroupUse {
  readonly trackers: number;
  readonly people: number;
  readonly rules: number;
  readonly places: number;
}

/** Counts what depends on a group. */
export function groupUse(
  group: GroupReply,
  rules: readonly Pick<RuleReply, 'groupIds'>[],
  places: readonly Pick<FenceReply, 'groupIds'>[],
): GroupUse {
  const names = ({ groupIds }: { readonly groupIds: readonly number[] | null }): boolean =>
    groupIds?.includes(group.id) ?? false;
  return {
    trackers: group.trackerIds.length,
    people: group.userIds.length,
    rules: rules.filter(names).length,
    places: places.filter(names).length,
  };
}
