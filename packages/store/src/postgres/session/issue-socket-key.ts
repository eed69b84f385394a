import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { hashSecret, newSecret, type Session } from './session.ts';

/** How long a socket key waits to be used. */
export const SOCKET_KEY_TTL_MS = 60_000;

/**
 * A key with which the session's owner opens one WebSocket within a minute. A new key replaces an unused
 * one. Null when the session has ended meanwhile.
 */
export async function issueSocketKey(
  tenant: TenantScope,
  session: Pick<Session, 'tokenHash'>,
  nowMs: number,
): Promise<{ readonly key: string; readonly expiresAtMs: number } | null> {
  const key = newSecret('fk', tenant.tenantId);
  const expiresAtMs = nowMs + SOCKET_KEY_TTL_MS;
  const { rows } = await sql`
    update followme.session
       set socket_key_hash = ${hashSecret(key)}, socket_key_expires_at = ${new Date(expiresAtMs)}
     where token_hash = ${session.tokenHash} and expires_at > ${new Date(nowMs)}
    returning 1
  `.execute(tenant.db);
  return rows.length === 1 ? { key, expiresAtMs } : null;
}
