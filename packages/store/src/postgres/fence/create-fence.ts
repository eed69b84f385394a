import type { Fence, FenceShape } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { fenceColumns } from './fence-columns.ts';
import { nextFencesVersion } from './next-fences-version.ts';

/** Makes a fence; it holds from the tenant's next fences version on. The shape was checked by the caller. */
export async function createFence(
  tenant: TenantScope,
  fence: { readonly name: string; readonly shape: FenceShape },
): Promise<Fence> {
  const version = await nextFencesVersion(tenant);
  const result = await sql<Fence>`
    with made as (
      insert into followme.fence (tenant_id, name, version)
      values (${tenant.tenantId}, ${fence.name}, ${version})
      returning id
    ), v as (
      insert into followme.fence_version (tenant_id, fence_id, from_version, name, shape)
      select ${tenant.tenantId}, id, ${version}, ${fence.name}, ${JSON.stringify(fence.shape)}::jsonb
        from made
      returning *
    )
    select ${fenceColumns} from v
  `.execute(tenant.db);
  return onlyRow(result, 'insert of a fence');
}
