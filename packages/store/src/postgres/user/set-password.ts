import type { UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { hashPassword } from './password.ts';

/** Gives a person a new password and ends all their sessions. False when there is no such person. */
export async function setPassword(
  tenant: TenantScope,
  userId: UserId,
  password: string,
): Promise<boolean> {
  const passwordHash = await hashPassword(password);
  const { rows } = await sql<{ id: number }>`
    with ended as (
      delete from followme.session where tenant_id = ${tenant.tenantId} and user_id = ${userId}
    )
    update followme.app_user set password_hash = ${passwordHash}
     where tenant_id = ${tenant.tenantId} and id = ${userId}
    returning id
  `.execute(tenant.db);
  return rows.length === 1;
}
