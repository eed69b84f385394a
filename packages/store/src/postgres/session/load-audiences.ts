import type { GroupId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { UserRole } from '../user/user.ts';
import type { Session } from './session.ts';

/** What the person of a session may see at present. */
export interface SessionAudience {
  readonly role: UserRole;
  readonly seesAll: boolean;
  /** Groups the person belongs to, ascending. */
  readonly groupIds: readonly GroupId[];
}

/**
 * What these sessions may see now, in one look, by the token hash in hexadecimal. A session that is not in
 * the answer is over: closed, expired, or its person disabled or tenant suspended.
 */
export async function loadAudiences(
  tenant: TenantScope,
  sessions: readonly Pick<Session, 'tokenHash'>[],
  nowMs: number,
): Promise<ReadonlyMap<string, SessionAudience>> {
  const hashes = sessions.map(({ tokenHash }) => tokenHash.toString('hex'));
  const { rows } = await sql<SessionAudience & { key: string }>`
    select encode(s.token_hash, 'hex') as key, u.role, u.sees_all as "seesAll",
           array(select m.group_id from followme.user_group_member m
                  where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1) as "groupIds"
      from unnest(${hashes}::text[]) as asked (hash)
      join followme.session s on s.token_hash = decode(asked.hash, 'hex')
      join followme.app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id
      join followme.tenant t on t.id = s.tenant_id
     where s.tenant_id = ${tenant.tenantId} and s.expires_at > ${new Date(nowMs)}
       and u.disabled_at is null and t.suspended_at is null
  `.execute(tenant.db);
  return new Map(rows.map(({ key, ...audience }) => [key, audience]));
}
