import { createHash } from 'node:crypto';
import { parseTenantId, type TenantId, type UserId } from '@followme/model';
import { randomToken } from '@followme/platform';
import { sql } from 'kysely';
import type { UserRole } from '../user/user.ts';

/** Somebody who has logged in, as every request finds them. */
export interface Session {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: UserRole;
  readonly seesAll: boolean;
  readonly expiresAtMs: number;
  /** What the token is stored as; names the session to the operations that change it. */
  readonly tokenHash: Buffer;
}

/** What kind of secret a text claims to be: a session's token or a key that opens one socket. */
export type SecretPrefix = 'fm' | 'fk';

const SECRET_BYTES = 32;
const SECRET = /^(fm|fk)_([1-9]\d{0,9})_[A-Za-z0-9_-]{43}$/;

/** A fresh secret of 256 random bits that tells its tenant. */
export function newSecret(prefix: SecretPrefix, tenantId: TenantId): string {
  return `${prefix}_${tenantId}_${randomToken(SECRET_BYTES)}`;
}

/** The tenant a secret names; null for anything that is not a secret of this kind. */
export function tenantOfSecret(prefix: SecretPrefix, secret: string): TenantId | null {
  const match = SECRET.exec(secret);
  if (match === null || match[1] !== prefix) return null;
  const tenantId = parseTenantId(match[2]);
  return tenantId.ok ? tenantId.value : null;
}

/** What is stored of a secret. 256 random bits need no salt and no slow hash. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The columns of a `Session`, from `followme.session s` and `followme.app_user u`. */
export const sessionColumns = sql`
  s.tenant_id as "tenantId", s.user_id as "userId", u.email, u.name, u.role, u.sees_all as "seesAll",
  followme.epoch_ms(s.expires_at) as "expiresAtMs", s.token_hash as "tokenHash"
`;
