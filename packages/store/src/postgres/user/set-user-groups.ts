import type { GroupId, UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';

/**
 * Makes these groups, and no others, those a person belongs to. Ids that are no group of the tenant are
 * passed over. The tenant's revision moves, so open sessions learn what they may see now.
 */
export async function setUserGroups(
  tenant: TenantScope,
  userId: UserId,
  groupIds: readonly GroupId[],
): Promise<void> {
  await bumpRegistry(tenant);
  await sql`
    with wanted as (
      select g.id from followme.user_group g
       where g.tenant_id = ${tenant.tenantId} and g.id = any(${[...groupIds]}::int[])
    ), gone as (
      delete from followme.user_group_member m
       where m.tenant_id = ${tenant.tenantId} and m.user_id = ${userId}
         and m.group_id not in (select id from wanted)
    )
    insert into followme.user_group_member (tenant_id, group_id, user_id)
    select ${tenant.tenantId}, wanted.id, u.id
      from wanted, followme.app_user u
     where u.tenant_id = ${tenant.tenantId} and u.id = ${userId}
    on conflict do nothing
  `.execute(tenant.db);
}
