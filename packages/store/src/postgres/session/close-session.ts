import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { Session } from './session.ts';

/**
 * Ends a session; its token is worthless from here on. Ending one that is over is harmless. The registry's
 * revision grows with it, so that every process sees within a look that sockets of it are to be closed.
 */
export async function closeSession(
  tenant: TenantScope,
  session: Pick<Session, 'tokenHash'>,
): Promise<void> {
  await bumpRegistry(tenant);
  await sql`delete from followme.session where token_hash = ${session.tokenHash}`.execute(
    tenant.db,
  );
}
