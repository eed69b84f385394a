import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { User } from './user.ts';

/** All people of the tenant, by name. */
export async function listUsers(tenant: TenantScope): Promise<readonly User[]> {
  const { rows } = await sql<User>`
    select tenant_id as "tenantId", id as "userId", email, name, role, sees_all as "seesAll",
           followme.epoch_ms(created_at) as "createdAtMs",
           followme.epoch_ms(disabled_at) as "disabledAtMs"
      from followme.app_user
     where tenant_id = ${tenant.tenantId}
     order by name, id
  `.execute(tenant.db);
  return rows;
}
