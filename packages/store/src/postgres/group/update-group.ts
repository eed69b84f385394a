import { err, ok, type GroupId, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { GroupNameTaken, GroupNotFound } from './group.ts';

/** Renames a group. Changes of groups of one tenant happen one after another, so the look is no race. */
export async function updateGroup(
  tenant: TenantScope,
  groupId: GroupId,
  change: { readonly name: string },
): Promise<Result<void, GroupNameTaken | GroupNotFound>> {
  await bumpRegistry(tenant);
  const namesake = await sql`
    select 1 from followme.user_group
     where tenant_id = ${tenant.tenantId} and name = ${change.name} and id <> ${groupId}
  `.execute(tenant.db);
  if (namesake.rows.length > 0) return err({ code: 'GROUP_NAME_TAKEN', name: change.name });
  const { rows } = await sql`
    update followme.user_group set name = ${change.name}
     where tenant_id = ${tenant.tenantId} and id = ${groupId}
    returning 1
  `.execute(tenant.db);
  return rows.length === 0 ? err({ code: 'GROUP_NOT_FOUND', groupId }) : ok(undefined);
}
