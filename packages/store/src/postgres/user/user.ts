import type { GroupId, TenantId, UserId } from '@followme/model';
import { sql } from 'kysely';

/** What a person may do in their tenant. */
export type UserRole = 'administrator' | 'operator' | 'member' | 'readOnly';

/** A person who can log in. The password's hash is not part of it. */
export interface User {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** Lower case; unique in the tenant. */
  readonly email: string;
  readonly name: string;
  readonly role: UserRole;
  /** Sees all trackers of the tenant, not only those of their groups. */
  readonly seesAll: boolean;
  readonly createdAtMs: number;
  /** May not log in from then on; null while they may. */
  readonly disabledAtMs: number | null;
}

/** A person with the groups they belong to. */
export interface UserWithGroups extends User {
  /** Ascending. */
  readonly groupIds: readonly GroupId[];
}

/** The tenant has no such person. */
export interface UserNotFound {
  readonly code: 'USER_NOT_FOUND';
  readonly userId: UserId;
}

/** After the change nobody would be left who may change everything. */
export interface LastAdministrator {
  readonly code: 'LAST_ADMINISTRATOR';
  readonly userId: UserId;
}

/** An address as it is stored and compared. */
export function canonicalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The columns of a `User`, from `followme.app_user u`. */
export const userColumns = sql`
  u.tenant_id as "tenantId", u.id as "userId", u.email, u.name, u.role, u.sees_all as "seesAll",
  followme.epoch_ms(u.created_at) as "createdAtMs", followme.epoch_ms(u.disabled_at) as "disabledAtMs"
`;

/** The column that makes a `User` one with groups. */
export const userGroupsColumn = sql`
  array(select m.group_id from followme.user_group_member m
         where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1) as "groupIds"
`;
