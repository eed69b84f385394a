import { sql } from 'kysely';
import type { Store } from '../../port.ts';
import { hashSecret, sessionColumns, tenantOfSecret, type Session } from './session.ts';

/** A session's last use is noted at most once in this time. */
const LAST_SEEN_STEP_MS = 60_000;

/**
 * The session of a token; null when it is unknown, over, of a disabled person or of a suspended tenant.
 * The token names its tenant, so the look-up goes through that tenant's door: a token whose tenant was
 * changed finds nothing.
 */
export async function findSession(
  store: Store,
  token: string,
  nowMs: number,
): Promise<Session | null> {
  const tenantId = tenantOfSecret('fm', token);
  if (tenantId === null) return null;
  const tokenHash = hashSecret(token);
  const now = new Date(nowMs);
  const { rows } = await store.asTenant(tenantId, (tenant) =>
    sql<Session>`
      with touched as (
        update followme.session set last_seen_at = ${now}
         where token_hash = ${tokenHash} and last_seen_at < ${new Date(nowMs - LAST_SEEN_STEP_MS)}
      )
      select ${sessionColumns}
        from followme.session s
        join followme.app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id
        join followme.tenant t on t.id = s.tenant_id
       where s.token_hash = ${tokenHash} and s.expires_at > ${now}
         and u.disabled_at is null and t.suspended_at is null
    `.execute(tenant.db),
  );
  return rows[0] ?? null;
}
