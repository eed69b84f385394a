import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { userColumns, userGroupsColumn, type UserWithGroups } from './user.ts';

/** All people of the tenant, by name. */
export async function listUsers(tenant: TenantScope): Promise<readonly UserWithGroups[]> {
  const { rows } = await sql<UserWithGroups>`
    select ${userColumns}, ${userGroupsColumn}
      from followme.app_user u
     where u.tenant_id = ${tenant.tenantId}
     order by u.name, u.id
  `.execute(tenant.db);
  return rows;
}
