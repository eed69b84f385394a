import { err, ok, type GroupId, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { followGroupTrackers } from '../fence/follow-group-trackers.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { DeviceName, DeviceTaken, TrackerNotFound } from './tracker.ts';

/** What to change; what is not named stays. */
export interface TrackerChange {
  readonly name?: string;
  /** All groups it shall be in; ids that are no group of the tenant are passed over. */
  readonly groupIds?: readonly GroupId[];
  /** The device that reports for it from now on; null = none. The present ones are retired. */
  readonly device?: DeviceName | null;
}

/** Changes a tracker in service; nothing of it when the device is taken. */
export async function updateTracker(
  tenant: TenantScope,
  trackerId: TrackerId,
  change: TrackerChange,
): Promise<Result<void, TrackerNotFound | DeviceTaken>> {
  const revision = await bumpRegistry(tenant);
  const known = await sql`
    select 1 from followme.tracker
     where tenant_id = ${tenant.tenantId} and id = ${trackerId} and retired_at is null
  `.execute(tenant.db);
  if (known.rows.length === 0) return err({ code: 'TRACKER_NOT_FOUND', trackerId });
  if (change.device !== undefined && change.device !== null) {
    const added = await addDevice(tenant, { trackerId, device: change.device, revision });
    if (!added) return err({ code: 'DEVICE_TAKEN', device: change.device });
  }
  if (change.device !== undefined) {
    await retireOtherDevices(tenant, { trackerId, keep: change.device, revision });
  }
  await sql`
    update followme.tracker set name = coalesce(${change.name ?? null}, name), revision = ${revision}
     where tenant_id = ${tenant.tenantId} and id = ${trackerId}
  `.execute(tenant.db);
  if (change.groupIds !== undefined) await setGroups(tenant, trackerId, change.groupIds);
  return ok(undefined);
}

/** False when a live device of another tracker has the name. */
async function addDevice(
  tenant: TenantScope,
  row: { trackerId: TrackerId; device: DeviceName; revision: number },
): Promise<boolean> {
  const { protocol, identifier } = row.device;
  const { rows } = await sql`
    with added as (
      insert into followme.device (tenant_id, tracker_id, protocol, identifier, revision)
      values (${tenant.tenantId}, ${row.trackerId}, ${protocol}, ${identifier}, ${row.revision})
      on conflict (protocol, identifier) where retired_at is null do nothing
      returning 1
    )
    select 1 from added
    union all
    select 1 from followme.device
     where tenant_id = ${tenant.tenantId} and tracker_id = ${row.trackerId}
       and protocol = ${protocol} and identifier = ${identifier} and retired_at is null
  `.execute(tenant.db);
  return rows.length > 0;
}

async function retireOtherDevices(
  tenant: TenantScope,
  row: { trackerId: TrackerId; keep: DeviceName | null; revision: number },
): Promise<void> {
  await sql`
    update followme.device set retired_at = now(), revision = ${row.revision}
     where tenant_id = ${tenant.tenantId} and tracker_id = ${row.trackerId} and retired_at is null
       and (protocol, identifier) is distinct from
           (${row.keep?.protocol ?? null}::text, ${row.keep?.identifier ?? null}::text)
  `.execute(tenant.db);
}

async function setGroups(
  tenant: TenantScope,
  trackerId: TrackerId,
  groupIds: readonly GroupId[],
): Promise<void> {
  const { rows } = await sql<{ groupId: GroupId }>`
    with gone as (
      delete from followme.group_tracker
       where tenant_id = ${tenant.tenantId} and tracker_id = ${trackerId}
         and group_id <> all(${[...groupIds]}::int[])
      returning group_id
    ), come as (
      insert into followme.group_tracker (tenant_id, group_id, tracker_id)
      select tenant_id, id, ${trackerId}::int from followme.user_group
       where tenant_id = ${tenant.tenantId} and id = any(${[...groupIds]}::int[])
      on conflict do nothing
      returning group_id
    )
    select group_id as "groupId" from gone union all select group_id from come
  `.execute(tenant.db);
  const moved = rows.map(({ groupId }) => groupId);
  await followGroupTrackers(tenant, moved);
}
