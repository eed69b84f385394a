import { err, ok, type GroupId, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { followGroupTrackers } from '../fence/follow-group-trackers.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { GroupNotFound } from './group.ts';

/**
 * Makes these trackers, and no others, the group's. Ids that are no tracker of the tenant are passed over.
 * Trackers that came or went carry the new revision, and fences for the group follow.
 */
export async function setGroupTrackers(
  tenant: TenantScope,
  groupId: GroupId,
  trackerIds: readonly TrackerId[],
): Promise<Result<void, GroupNotFound>> {
  const revision = await bumpRegistry(tenant);
  const { rows } = await sql<{ moved: boolean }>`
    with this_group as (
      select id from followme.user_group where tenant_id = ${tenant.tenantId} and id = ${groupId}
    ), wanted as (
      select t.id from followme.tracker t
       where t.tenant_id = ${tenant.tenantId} and t.id = any(${[...trackerIds]}::int[])
    ), gone as (
      delete from followme.group_tracker g
       where g.tenant_id = ${tenant.tenantId} and g.group_id = ${groupId}
         and g.tracker_id not in (select id from wanted)
      returning g.tracker_id
    ), come as (
      insert into followme.group_tracker (tenant_id, group_id, tracker_id)
      select ${tenant.tenantId}, this_group.id, wanted.id from this_group, wanted
      on conflict do nothing
      returning tracker_id
    ), marked as (
      update followme.tracker set revision = ${revision}
       where tenant_id = ${tenant.tenantId}
         and id in (select tracker_id from gone union all select tracker_id from come)
    )
    select exists (select from gone) or exists (select from come) as moved from this_group
  `.execute(tenant.db);
  if (rows[0] === undefined) return err({ code: 'GROUP_NOT_FOUND', groupId });
  if (rows[0].moved) await followGroupTrackers(tenant, [groupId]);
  return ok(undefined);
}
