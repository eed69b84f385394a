import type { TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** Notes that every lane holds the control record of this fences version. Never goes back. */
export async function markFencesAnnounced(
  system: SystemScope,
  tenantId: TenantId,
  version: number,
): Promise<void> {
  await sql`
    update followme.tenant set fences_announced_version = ${version}
     where id = ${tenantId} and fences_announced_version < ${version}
  `.execute(system.db);
}
