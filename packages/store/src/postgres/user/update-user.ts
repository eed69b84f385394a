import { err, ok, type Result, type UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { LastAdministrator, UserNotFound, UserRole } from './user.ts';

/** What changes; what is left out stays. */
export interface UserChange {
  readonly name?: string;
  readonly role?: UserRole;
  readonly seesAll?: boolean;
  /** May not log in; whoever is disabled loses their sessions. */
  readonly disabled?: boolean;
}

/**
 * Changes a person. One who may change everything always remains: the lock of the registry's revision makes
 * two changes of one tenant happen one after the other, so the second sees what the first left.
 */
export async function updateUser(
  tenant: TenantScope,
  userId: UserId,
  change: UserChange,
): Promise<Result<void, UserNotFound | LastAdministrator>> {
  await bumpRegistry(tenant);
  if (await wouldBeLast(tenant, userId, change)) return err({ code: 'LAST_ADMINISTRATOR', userId });
  const { name = null, role = null, seesAll = null, disabled = null } = change;
  const { rows } = await sql`
    with ended as (
      delete from followme.session
       where ${disabled}::bool and tenant_id = ${tenant.tenantId} and user_id = ${userId}
    )
    update followme.app_user
       set name = coalesce(${name}, name), role = coalesce(${role}, role),
           sees_all = coalesce(${seesAll}::bool, sees_all),
           disabled_at = case when ${disabled}::bool is null then disabled_at
                              when ${disabled}::bool then coalesce(disabled_at, now()) end
     where tenant_id = ${tenant.tenantId} and id = ${userId}
    returning 1
  `.execute(tenant.db);
  return rows.length === 0 ? err({ code: 'USER_NOT_FOUND', userId }) : ok(undefined);
}

/** Whether the change takes away the only administrator who can log in. */
async function wouldBeLast(
  tenant: TenantScope,
  userId: UserId,
  { role, disabled }: UserChange,
): Promise<boolean> {
  const staysOne = (role ?? 'administrator') === 'administrator' && disabled !== true;
  if (staysOne) return false;
  const { rows } = await sql<{ id: UserId }>`
    select id from followme.app_user
     where tenant_id = ${tenant.tenantId} and role = 'administrator' and disabled_at is null
     limit 2
  `.execute(tenant.db);
  return rows.length === 1 && rows[0]?.id === userId;
}
