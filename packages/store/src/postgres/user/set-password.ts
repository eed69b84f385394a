import type { UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import { hashPassword } from './password.ts';

/**
 * Gives a person a new password and ends their sessions, all or all but the one whose token hash is
 * `keep`. The tenant's revision moves, so that open sockets are looked at. False when there is no such
 * person.
 */
export async function setPassword(
  tenant: TenantScope,
  userId: UserId,
  password: string,
  keep: Buffer | null = null,
): Promise<boolean> {
  const passwordHash = await hashPassword(password);
  await bumpRegistry(tenant);
  const { rows } = await sql<{ id: number }>`
    with ended as (
      delete from followme.session
       where tenant_id = ${tenant.tenantId} and user_id = ${userId}
         and token_hash is distinct from ${keep}::bytea
    )
    update followme.app_user set password_hash = ${passwordHash}
     where tenant_id = ${tenant.tenantId} and id = ${userId}
    returning id
  `.execute(tenant.db);
  return rows.length === 1;
}
