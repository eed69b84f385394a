import type { Fence } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { fenceColumns } from './fence-columns.ts';

/** The tenant's fences in their present form, by name. */
export async function listFences(tenant: TenantScope): Promise<readonly Fence[]> {
  const { rows } = await sql<Fence>`
    select ${fenceColumns} from followme.fence_version v
     where v.tenant_id = ${tenant.tenantId} and v.to_version is null
     order by v.name, v.fence_id
  `.execute(tenant.db);
  return rows;
}
