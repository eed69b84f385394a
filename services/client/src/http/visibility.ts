/** What a caller may see, asked once per request. */
import type { GroupId, TrackerId } from '@followme/model';
import { loadAudiences, visibleTrackerIds, type TenantScope } from '@followme/store';
import { seesAllOf } from '../live/audience-look.ts';
import type { Caller } from './route.ts';

/** Trackers and groups a caller may know of. */
export interface View {
  readonly trackers: 'all' | ReadonlySet<TrackerId>;
  readonly groups: 'all' | ReadonlySet<GroupId>;
}

/** What the caller sees, as it is now in the store. */
export async function viewOf(tenant: TenantScope, caller: Caller): Promise<View> {
  const { session } = caller;
  if (seesAllOf(session)) return { trackers: 'all', groups: 'all' };
  const trackers = await visibleTrackerIds(tenant, session.userId);
  // a session lives longer than this transaction: the moment of its opening is as good as any
  const audiences = await loadAudiences(tenant, [session], session.expiresAtMs - 1);
  return { trackers, groups: new Set(audiences.get(session.tokenHash.toString('hex'))?.groupIds) };
}

/** Whether a tracker is in view. */
export function seesTracker({ trackers }: View, trackerId: TrackerId): boolean {
  return trackers === 'all' || trackers.has(trackerId);
}

/** Whether a group is in view. */
export function seesGroup({ groups }: View, groupId: GroupId): boolean {
  return groups === 'all' || groups.has(groupId);
}
