import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { Session } from './session.ts';

/** Ends a session; its token is worthless from here on. Ending one that is over is harmless. */
export async function closeSession(
  tenant: TenantScope,
  session: Pick<Session, 'tokenHash'>,
): Promise<void> {
  await sql`delete from followme.session where token_hash = ${session.tokenHash}`.execute(
    tenant.db,
  );
}
