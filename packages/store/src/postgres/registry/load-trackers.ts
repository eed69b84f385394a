import type { GroupId, TenantId, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { registryRevisions } from './registry-revisions.ts';
import { changedTenants, seenColumns, type SeenRevisions } from './since.ts';

/** What live views need to know of a tracker. */
export interface TrackerRecord {
  readonly trackerId: TrackerId;
  readonly tenantId: TenantId;
  readonly name: string;
  /** Ascending. */
  readonly groupIds: readonly GroupId[];
}

/** The trackers, or what changed of them. */
export interface TrackerRegistry {
  readonly trackers: readonly TrackerRecord[];
  readonly retired: readonly TrackerId[];
  /** Hand it in again to get what changed since. */
  readonly revisions: SeenRevisions;
}

/** Trackers changed after `since` (their groups count as part of them), or all live ones without it. */
export async function loadTrackers(
  system: SystemScope,
  since: SeenRevisions = new Map(),
): Promise<TrackerRegistry> {
  const revisions = await registryRevisions(system);
  const changed = changedTenants(since, revisions);
  const seen = seenColumns(since);
  const { rows } = await sql<TrackerRecord & { retired: boolean }>`
    select t.id as "trackerId", t.tenant_id as "tenantId", t.name, t.retired_at is not null as retired,
           array(select g.group_id from followme.group_tracker g
                  where g.tenant_id = t.tenant_id and g.tracker_id = t.id order by 1) as "groupIds"
      from followme.tracker t
      left join unnest(${seen.tenantIds}::int[], ${seen.revisions}::int8[]) as seen (tenant_id, revision)
        on seen.tenant_id = t.tenant_id
     where t.tenant_id = any(${[...changed]}::int[])
       and case when seen.revision is null then t.retired_at is null else t.revision > seen.revision end
     order by t.id
  `.execute(system.db);
  const trackers: TrackerRecord[] = [];
  const retired: TrackerId[] = [];
  for (const { retired: isRetired, ...tracker } of rows) {
    if (isRetired) retired.push(tracker.trackerId);
    else trackers.push(tracker);
  }
  return {
    trackers,
    retired,
    revisions: new Map([...revisions].map(([tenantId, r]) => [tenantId, r.registryRevision])),
  };
}
