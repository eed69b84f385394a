import { err, ok, type GroupId, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { GroupNameTaken } from './group.ts';

/** Makes an empty group. */
export async function createGroup(
  tenant: TenantScope,
  group: { readonly name: string },
): Promise<Result<GroupId, GroupNameTaken>> {
  await bumpRegistry(tenant);
  const { rows } = await sql<{ groupId: GroupId }>`
    insert into followme.user_group (tenant_id, name) values (${tenant.tenantId}, ${group.name})
    on conflict (tenant_id, name) do nothing
    returning id as "groupId"
  `.execute(tenant.db);
  return rows[0] === undefined
    ? err({ code: 'GROUP_NAME_TAKEN', name: group.name })
    : ok(rows[0].groupId);
}
