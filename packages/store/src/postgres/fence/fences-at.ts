import type { Fence, TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { fenceColumns } from './fence-columns.ts';

/** All fences of a tenant as they were, are or will be read at a fences version, by id. */
export async function fencesAt(
  system: SystemScope,
  tenantId: TenantId,
  version: number,
): Promise<readonly Fence[]> {
  const { rows } = await sql<Fence>`
    select ${fenceColumns} from followme.fence_version v
     where v.tenant_id = ${tenantId} and v.from_version <= ${version}
       and (v.to_version is null or v.to_version > ${version})
     order by v.fence_id
  `.execute(system.db);
  return rows;
}
