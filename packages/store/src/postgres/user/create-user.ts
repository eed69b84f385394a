import { err, ok, type Result, type UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import { hashPassword } from './password.ts';
import { canonicalEmail, type UserRole } from './user.ts';

/** What a new person begins with. */
export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: UserRole;
  readonly seesAll: boolean;
}

/** Another person of the tenant has this address. */
export interface EmailTaken {
  readonly code: 'EMAIL_TAKEN';
  readonly email: string;
}

/** Makes a person of the tenant. */
export async function createUser(
  tenant: TenantScope,
  user: NewUser,
): Promise<Result<UserId, EmailTaken>> {
  const email = canonicalEmail(user.email);
  const passwordHash = await hashPassword(user.password);
  const { rows } = await sql<{ userId: UserId }>`
    insert into followme.app_user (tenant_id, email, name, password_hash, role, sees_all)
    values (${tenant.tenantId}, ${email}, ${user.name}, ${passwordHash}, ${user.role}, ${user.seesAll})
    on conflict (tenant_id, email) do nothing
    returning id as "userId"
  `.execute(tenant.db);
  if (rows[0] === undefined) return err({ code: 'EMAIL_TAKEN', email });
  await bumpRegistry(tenant);
  return ok(rows[0].userId);
}
