import { err, ok, type GroupId, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { followGroupTrackers } from '../fence/follow-group-trackers.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { DeviceName, DeviceTaken } from './tracker.ts';

/** What a new tracker begins with. */
export interface NewTracker {
  readonly name: string;
  /** Ids that are no group of the tenant are passed over. */
  readonly groupIds: readonly GroupId[];
  readonly device?: DeviceName;
}

/**
 * Makes a tracker with its device, both or neither. The device goes first, under the id the tracker is
 * going to have: the index over the whole installation decides whether it is free, and a device of another
 * tenant is refused without being seen.
 */
export async function createTracker(
  tenant: TenantScope,
  tracker: NewTracker,
): Promise<Result<TrackerId, DeviceTaken>> {
  const { tenantId, db } = tenant;
  const { device } = tracker;
  const revision = await bumpRegistry(tenant);
  const { rows } = await sql<{ trackerId: TrackerId }>`
    with new_id as materialized (
      select nextval('followme.tracker_id_seq')::int as id
    ), new_device as (
      insert into followme.device (tenant_id, tracker_id, protocol, identifier, revision)
      select ${tenantId}, id, ${device?.protocol ?? null}, ${device?.identifier ?? null}, ${revision}
        from new_id where ${device !== undefined}
      on conflict (protocol, identifier) where retired_at is null do nothing
      returning 1
    )
    insert into followme.tracker (id, tenant_id, name, revision)
    overriding system value
    select id, ${tenantId}, ${tracker.name}, ${revision}
      from new_id where ${device === undefined} or exists (select from new_device)
    returning id as "trackerId"
  `.execute(db);
  const trackerId = rows[0]?.trackerId;
  if (trackerId === undefined) {
    if (device === undefined) throw new Error('A tracker without a device was not made');
    return err({ code: 'DEVICE_TAKEN', device });
  }
  await sql`
    insert into followme.group_tracker (tenant_id, group_id, tracker_id)
    select tenant_id, id, ${trackerId}::int from followme.user_group
     where tenant_id = ${tenantId} and id = any(${[...tracker.groupIds]}::int[])
  `.execute(db);
  await followGroupTrackers(tenant, tracker.groupIds);
  return ok(trackerId);
}
