import type { TrackerId } from '@followme/model';
import { sql, type RawBuilder } from 'kysely';

/**
 * Whether the person of row `u` of `followme.app_user` may see a tracker: what `visibleTrackerIds` answers for one
 * person, asked the other way round for many.
 */
export function seesTracker(trackerId: TrackerId): RawBuilder<boolean> {
  return sql<boolean>`(
    u.sees_all or u.role = 'administrator' or exists (
      select 1 from followme.user_group_member m
        join followme.group_tracker g using (tenant_id, group_id)
       where m.tenant_id = u.tenant_id and m.user_id = u.id and g.tracker_id = ${trackerId}))`;
}
