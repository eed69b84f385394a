/** What has to be sent of a group that was filled in: only what is another than before. */
import type { GroupReply, UpdateGroupBody } from '@followme/contracts';

/** What is filled in. */
export interface GroupForm {
  readonly name: string;
  readonly trackerIds: ReadonlySet<number>;
  readonly userIds: ReadonlySet<number>;
}

function isSame(before: readonly number[], now: ReadonlySet<number>): boolean {
  return before.length === now.size && before.every((id) => now.has(id));
}

/**
 * The change from `group` (null: it does not exist yet). A list that did not change is left out, so that
 * renaming a group does not undo what somebody else did to its members meanwhile.
 */
export function groupChange(group: GroupReply | null, form: GroupForm): UpdateGroupBody {
  const name = form.name.trim();
  return {
    ...(name === group?.name ? {} : { name }),
    ...(isSame(group?.trackerIds ?? [], form.trackerIds)
      ? {}
      : { trackerIds: [...form.trackerIds] }),
    ...(isSame(group?.userIds ?? [], form.userIds) ? {} : { userIds: [...form.userIds] }),
  };
}
