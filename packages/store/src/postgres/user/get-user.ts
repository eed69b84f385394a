import type { UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { userColumns, userGroupsColumn, type UserWithGroups } from './user.ts';

/** One person, disabled or not; null when the tenant has no such person. */
export async function getUser(tenant: TenantScope, userId: UserId): Promise<UserWithGroups | null> {
  const { rows } = await sql<UserWithGroups>`
    select ${userColumns}, ${userGroupsColumn}
      from followme.app_user u
     where u.tenant_id = ${tenant.tenantId} and u.id = ${userId}
  `.execute(tenant.db);
  return rows[0] ?? null;
}
