import { err, ok, type Fence, type FenceId, type FenceShape, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { fenceColumns, type FenceNotFound } from './fence-columns.ts';
import { getFence } from './get-fence.ts';
import { nextFencesVersion } from './next-fences-version.ts';

/** What to change; what is not named stays. */
export interface FenceChange {
  readonly name?: string;
  readonly shape?: FenceShape;
}

/** Gives a fence a new form from the tenant's next fences version on; the old one stays for who lags. */
export async function updateFence(
  tenant: TenantScope,
  fenceId: FenceId,
  change: FenceChange,
): Promise<Result<Fence, FenceNotFound>> {
  // looked for first: an edit that misses shall not make a version without a change
  if ((await getFence(tenant, fenceId)) === null) return err({ code: 'FENCE_NOT_FOUND', fenceId });
  const version = await nextFencesVersion(tenant);
  const before = await getFence(tenant, fenceId);
  if (before === null) return err({ code: 'FENCE_NOT_FOUND', fenceId });
  const name = change.name ?? before.name;
  const shape = JSON.stringify(change.shape ?? before.shape);
  // a statement of its own: within one, the new form would be inserted before the old one is closed
  await sql`
    update followme.fence_version set to_version = ${version}
     where tenant_id = ${tenant.tenantId} and fence_id = ${fenceId} and to_version is null
  `.execute(tenant.db);
  const result = await sql<Fence>`
    with renamed as (
      update followme.fence set name = ${name}, version = ${version}
       where tenant_id = ${tenant.tenantId} and id = ${fenceId}
    ), v as (
      insert into followme.fence_version (tenant_id, fence_id, from_version, name, shape)
      values (${tenant.tenantId}, ${fenceId}, ${version}, ${name}, ${shape}::jsonb)
      returning *
    )
    select ${fenceColumns} from v
  `.execute(tenant.db);
  return ok(onlyRow(result, 'update of a fence'));
}
