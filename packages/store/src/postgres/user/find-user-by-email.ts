import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { canonicalEmail, userColumns, type User } from './user.ts';

/** A person with what is needed to check their password. */
export interface UserWithPassword extends User {
  readonly passwordHash: string;
}

/** The person with this address, in any spelling of case; null when there is none or they are disabled. */
export async function findUserByEmail(
  tenant: TenantScope,
  email: string,
): Promise<UserWithPassword | null> {
  const { rows } = await sql<UserWithPassword>`
    select ${userColumns}, u.password_hash as "passwordHash"
      from followme.app_user u
     where u.tenant_id = ${tenant.tenantId} and u.email = ${canonicalEmail(email)}
       and u.disabled_at is null
  `.execute(tenant.db);
  return rows[0] ?? null;
}
