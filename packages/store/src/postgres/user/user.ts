import type { TenantId, UserId } from '@followme/model';

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

/** An address as it is stored and compared. */
export function canonicalEmail(email: string): string {
  return email.trim().toLowerCase();
}
