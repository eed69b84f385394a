import type { Fence, FenceId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { fenceColumns } from './fence-columns.ts';

/** A fence in its present form; null when the tenant has no such one or it is deleted. */
export async function getFence(tenant: TenantScope, fenceId: FenceId): Promise<Fence | null> {
  const { rows } = await sql<Fence>`
    select ${fenceColumns} from followme.fence_version v
     where v.tenant_id = ${tenant.tenantId} and v.fence_id = ${fenceId} and v.to_version is null
  `.execute(tenant.db);
  return rows[0] ?? null;
}
