import type { Fence, FenceShape, GroupId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { fenceColumns } from './fence-columns.ts';
import { nextFencesVersion } from './next-fences-version.ts';

/** Makes a fence; it holds from the tenant's next fences version on. The shape was checked by the caller. */
export async function createFence(
  tenant: TenantScope,
  fence: {
    readonly name: string;
    readonly shape: FenceShape;
    /** Null or left out: for every tracker. */
    readonly groupIds?: readonly GroupId[] | null;
  },
): Promise<Fence> {
  const groupIds = fence.groupIds ? [...fence.groupIds] : null;
  const version = await nextFencesVersion(tenant);
  const result = await sql<Fence>`
    with made as (
      insert into followme.fence (tenant_id, name, version)
      values (${tenant.tenantId}, ${fence.name}, ${version})
      returning id
    ), v as (
      insert into followme.fence_version (tenant_id, fence_id, from_version, name, shape, group_ids)
      select ${tenant.tenantId}, id, ${version}, ${fence.name}, ${JSON.stringify(fence.shape)}::jsonb,
             ${groupIds}::int[]
        from made
      returning *
    )
    select ${fenceColumns} from v
  `.execute(tenant.db);
  return onlyRow(result, 'insert of a fence');
}
