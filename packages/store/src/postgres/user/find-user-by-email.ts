import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { canonicalEmail, type User } from './user.ts';

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
    select tenant_id as "tenantId", id as "userId", email, name, role, sees_all as "seesAll",
           password_hash as "passwordHash",
           followme.epoch_ms(created_at) as "createdAtMs",
           followme.epoch_ms(disabled_at) as "disabledAtMs"
      from followme.app_user
     where tenant_id = ${tenant.tenantId} and email = ${canonicalEmail(email)} and disabled_at is null
  `.execute(tenant.db);
  return rows[0] ?? null;
}
