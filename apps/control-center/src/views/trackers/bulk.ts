/**
 * Many trackers into or out of one group. A group that stays within what one request may carry is written as a
 * whole from its newest state; a larger one tracker by tracker, a few at a time.
 */
import type {
  GroupReply,
  TrackerReply,
  UpdateGroupBody,
  UpdateTrackerBody,
} from '@followme/contracts';
import { MAX_IDS_PER_REQUEST } from '../../api/groups.ts';

/** Which way. */
export type BulkDirection = 'add' | 'remove';

/** What has to be done. */
export type BulkPlan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'group'; readonly trackerIds: readonly number[]; readonly changed: number }
  | { readonly kind: 'each'; readonly trackerIds: readonly number[]; readonly changed: number };

/** Of the chosen trackers, those for which the group changes. */
export function affected(
  group: Pick<GroupReply, 'trackerIds'>,
  chosen: Iterable<number>,
  direction: BulkDirection,
): readonly number[] {
  const members = new Set(group.trackerIds);
  return [...new Set(chosen)].filter((id) => members.has(id) === (direction === 'remove'));
}

/** Decides how the chosen trackers get into the group or out of it. */
export function planBulk(
  group: Pick<GroupReply, 'trackerIds'>,
  chosen: Iterable<number>,
  direction: BulkDirection,
): BulkPlan {
  const ids = affected(group, chosen, direction);
  const changed = ids.length;
  if (changed === 0) return { kind: 'nothing' };
  const going = new Set(ids);
  const next =
    direction === 'add'
      ? [...group.trackerIds, ...ids]
      : group.trackerIds.filter((id) => !going.has(id));
  if (next.length > MAX_IDS_PER_REQUEST) return { kind: 'each', trackerIds: ids, changed };
  return { kind: 'group', trackerIds: next, changed };
}

/** What `runBulk` needs of the outside. */
export interface BulkDeps {
  readonly fetchGroup: (groupId: number) => Promise<GroupReply>;
  readonly fetchTracker: (trackerId: number) => Promise<TrackerReply>;
  readonly updateGroup: (groupId: number, body: UpdateGroupBody) => Promise<GroupReply>;
  readonly updateTracker: (trackerId: number, body: UpdateTrackerBody) => Promise<TrackerReply>;
  readonly onProgress: (done: number, all: number) => void;
}

/** What is wanted. */
export interface BulkOrder {
  readonly groupId: number;
  readonly direction: BulkDirection;
  readonly trackers: readonly TrackerReply[];
}

/** How it went: how many changed, of how many; `error` is the refusal that ended it, or null. */
export interface BulkOutcome {
  readonly done: number;
  readonly all: number;
  readonly error: unknown;
}

const AT_A_TIME = 4;

/** Carries it out; what was done before a failure stays done, and doing it again does the rest. */
export async function runBulk(order: BulkOrder, deps: BulkDeps): Promise<BulkOutcome> {
  const { groupId, direction, trackers } = order;
  let all = trackers.length;
  try {
    const group = await deps.fetchGroup(groupId);
    const plan = planBulk(
      group,
      trackers.map(({ id }) => id),
      direction,
    );
    if (plan.kind === 'nothing') return { done: 0, all: 0, error: null };
    all = plan.changed;
    if (plan.kind === 'each') return await changeEach(order, new Set(plan.trackerIds), deps);
    await deps.updateGroup(groupId, { trackerIds: [...plan.trackerIds] });
    return { done: all, all, error: null };
  } catch (error) {
    return { done: 0, all, error };
  }
}

async function changeEach(
  { groupId, direction, trackers }: BulkOrder,
  ids: ReadonlySet<number>,
  deps: BulkDeps,
): Promise<BulkOutcome> {
  const waiting = trackers.filter(({ id }) => ids.has(id));
  const all = waiting.length;
  let done = 0;
  let failure: { readonly error: unknown } | null = null;
  async function work(): Promise<void> {
    for (;;) {
      const tracker = failure === null ? waiting.pop() : undefined;
      if (tracker === undefined) return;
      try {
        // what others changed since the list was read must stay
        const { groupIds: now } = await deps.fetchTracker(tracker.id);
        const without = now.filter((id) => id !== groupId);
        const groupIds = direction === 'add' ? [...without, groupId] : without;
        await deps.updateTracker(tracker.id, { groupIds });
        done += 1;
        deps.onProgress(done, all);
      } catch (error) {
        failure ??= { error };
      }
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  // assigned in `work`, which the compiler cannot follow
  const failed = failure as { readonly error: unknown } | null;
  return { done, all, error: failed === null ? null : failed.error };
}
