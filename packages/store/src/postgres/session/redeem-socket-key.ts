import { sql } from 'kysely';
import type { Store } from '../../port.ts';
import { hashSecret, sessionColumns, tenantOfSecret, type Session } from './session.ts';

/** The session of a socket key, once: the key is used up by the answer. Null when it is worth nothing. */
export async function redeemSocketKey(
  store: Store,
  key: string,
  nowMs: number,
): Promise<Session | null> {
  const tenantId = tenantOfSecret('fk', key);
  if (tenantId === null) return null;
  const now = new Date(nowMs);
  const { rows } = await store.asTenant(tenantId, (tenant) =>
    sql<Session>`
      update followme.session s set socket_key_hash = null, socket_key_expires_at = null
        from followme.app_user u, followme.tenant t
       where s.socket_key_hash = ${hashSecret(key)} and s.socket_key_expires_at > ${now}
         and s.expires_at > ${now}
         and u.tenant_id = s.tenant_id and u.id = s.user_id and u.disabled_at is null
         and t.id = s.tenant_id and t.suspended_at is null
      returning ${sessionColumns}
    `.execute(tenant.db),
  );
  return rows[0] ?? null;
}
