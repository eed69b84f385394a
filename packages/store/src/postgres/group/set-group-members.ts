import { err, ok, type GroupId, type Result, type UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { GroupNotFound } from './group.ts';

/**
 * Makes these people, and no others, the group's members. Ids that are nobody of the tenant are passed
 * over. The tenant's revision moves, so open sessions learn what they may see now.
 */
export async function setGroupMembers(
  tenant: TenantScope,
  groupId: GroupId,
  userIds: readonly UserId[],
): Promise<Result<void, GroupNotFound>> {
  await bumpRegistry(tenant);
  const { rows } = await sql`
    with this_group as (
      select id from followme.user_group where tenant_id = ${tenant.tenantId} and id = ${groupId}
    ), wanted as (
      select u.id from followme.app_user u
       where u.tenant_id = ${tenant.tenantId} and u.id = any(${[...userIds]}::int[])
    ), gone as (
      delete from followme.user_group_member m
       where m.tenant_id = ${tenant.tenantId} and m.group_id = ${groupId}
         and m.user_id not in (select id from wanted)
    ), come as (
      insert into followme.user_group_member (tenant_id, group_id, user_id)
      select ${tenant.tenantId}, this_group.id, wanted.id from this_group, wanted
      on conflict do nothing
    )
    select 1 from this_group
  `.execute(tenant.db);
  return rows.length === 0 ? err({ code: 'GROUP_NOT_FOUND', groupId }) : ok(undefined);
}
