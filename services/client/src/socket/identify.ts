/** From a key to who is on the socket: the one look into the store that a socket may cause. */
import type { SessionReply } from '@followme/contracts';
import {
  findSession,
  getTenant,
  loadAudiences,
  redeemSocketKey,
  type Session,
  type Store,
} from '@followme/store';
import { audienceOf } from '../live/audience-look.ts';
import type { Audience } from '../live/session.ts';

/** Who identified themselves, and what they see. */
export interface Identified {
  readonly session: Session;
  readonly audience: Audience;
  readonly reply: SessionReply;
}

/** What is told of a session over HTTP and over sockets. */
export function toSessionReply(
  session: Session,
  tenant: { readonly name: string; readonly isProvider: boolean },
): SessionReply {
  const { userId, name, email, role, tenantId } = session;
  return {
    user: { id: userId, name, email, role },
    tenant: { id: tenantId, name: tenant.name, isProvider: tenant.isProvider },
  };
}

/**
 * Accepts the key of a session, as the captured clients send it, and the short-lived key of a browser,
 * which is used up. Null when it is worth nothing.
 */
export async function identify(
  store: Store,
  key: string,
  nowMs: number,
): Promise<Identified | null> {
  const session =
    (await redeemSocketKey(store, key, nowMs)) ?? (await findSession(store, key, nowMs));
  if (session === null) return null;
  return store.asTenant(session.tenantId, async (scope) => {
    const tenant = await getTenant(scope);
    const audiences = await loadAudiences(scope, [session], nowMs);
    const person = audiences.get(session.tokenHash.toString('hex'));
    if (person === undefined) return null;
    return { session, audience: audienceOf(person), reply: toSessionReply(session, tenant) };
  });
}
