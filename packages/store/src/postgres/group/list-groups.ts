import type { UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { Group } from './group.ts';

/** The groups of the tenant, or only those a person belongs to, by name. */
export async function listGroups(
  tenant: TenantScope,
  filter: { readonly memberId?: UserId } = {},
): Promise<readonly Group[]> {
  const memberId = filter.memberId ?? null;
  const { rows } = await sql<Group>`
    select g.tenant_id as "tenantId", g.id as "groupId", g.name,
           followme.epoch_ms(g.created_at) as "createdAtMs",
           array(select t.tracker_id from followme.group_tracker t
                  where t.tenant_id = g.tenant_id and t.group_id = g.id order by 1) as "trackerIds",
           array(select m.user_id from followme.user_group_member m
                  where m.tenant_id = g.tenant_id and m.group_id = g.id order by 1) as "memberIds"
      from followme.user_group g
     where g.tenant_id = ${tenant.tenantId}
       and (${memberId}::int is null
            or exists (select from followme.user_group_member m
                        where m.tenant_id = g.tenant_id and m.group_id = g.id and m.user_id = ${memberId}))
     order by g.name
  `.execute(tenant.db);
  return rows;
}
