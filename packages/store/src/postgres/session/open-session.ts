import type { UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { hashSecret, newSecret } from './session.ts';

/** Most sessions one person has at a time; the ones longest unused make room. */
export const MAX_SESSIONS_PER_USER = 50;

/** Opens a session and answers its token, which is told once and stored nowhere. */
export async function openSession(
  tenant: TenantScope,
  session: { readonly userId: UserId; readonly ttlMs: number; readonly nowMs: number },
): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
  const token = newSecret('fm', tenant.tenantId);
  const now = new Date(session.nowMs);
  const expiresAtMs = session.nowMs + session.ttlMs;
  await sql`
    with surplus as (
      delete from followme.session
       where token_hash in (select token_hash from followme.session
                             where tenant_id = ${tenant.tenantId} and user_id = ${session.userId}
                             order by expires_at > ${now} desc, last_seen_at desc
                             offset ${MAX_SESSIONS_PER_USER - 1})
    )
    insert into followme.session (token_hash, tenant_id, user_id, created_at, expires_at, last_seen_at)
    values (${hashSecret(token)}, ${tenant.tenantId}, ${session.userId}, ${now},
            ${new Date(expiresAtMs)}, ${now})
  `.execute(tenant.db);
  return { token, expiresAtMs };
}
