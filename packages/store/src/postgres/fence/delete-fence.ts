import { err, ok, type FenceId, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { FenceNotFound } from './fence-columns.ts';
import { getFence } from './get-fence.ts';
import { lockFences, nextFencesVersion } from './next-fences-version.ts';

/** Takes a fence away from the tenant's next fences version on. Its events and its id stay. */
export async function deleteFence(
  tenant: TenantScope,
  fenceId: FenceId,
): Promise<Result<void, FenceNotFound>> {
  await lockFences(tenant);
  // looked for first: an edit that misses shall not make a version without a change
  if ((await getFence(tenant, fenceId)) === null) return err({ code: 'FENCE_NOT_FOUND', fenceId });
  const version = await nextFencesVersion(tenant);
  const { rows } = await sql`
    with closed as (
      update followme.fence_version set to_version = ${version}
       where tenant_id = ${tenant.tenantId} and fence_id = ${fenceId} and to_version is null
    )
    update followme.fence set deleted_at = now(), version = ${version}
     where tenant_id = ${tenant.tenantId} and id = ${fenceId} and deleted_at is null
    returning 1
  `.execute(tenant.db);
  return rows.length === 0 ? err({ code: 'FENCE_NOT_FOUND', fenceId }) : ok(undefined);
}
