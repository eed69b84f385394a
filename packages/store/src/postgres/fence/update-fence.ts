import { isDeepStrictEqual } from 'node:util';
import {
  err,
  ok,
  type Fence,
  type FenceId,
  type FenceShape,
  type GroupId,
  type Result,
} from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { fenceColumns, type FenceChanged, type FenceNotFound } from './fence-columns.ts';
import { getFence } from './get-fence.ts';
import { lockFences, nextFencesVersion } from './next-fences-version.ts';

/** What to change; what is not named stays. */
export interface FenceChange {
  readonly name?: string;
  readonly shape?: FenceShape;
  /** Null: for every tracker. */
  readonly groupIds?: readonly GroupId[] | null;
}

/**
 * Gives a fence a new form from the tenant's next fences version on; the old one stays for who lags. A change
 * that leaves it as it is makes no version: it would be judged and told for nothing.
 * @param ifVersion the form the change starts from; with another one present nothing is changed.
 */
export async function updateFence(
  tenant: TenantScope,
  fenceId: FenceId,
  { ifVersion, ...change }: FenceChange & { readonly ifVersion?: number },
): Promise<Result<Fence, FenceNotFound | FenceChanged>> {
  await lockFences(tenant);
  const before = await getFence(tenant, fenceId);
  if (before === null) return err({ code: 'FENCE_NOT_FOUND', fenceId });
  if (ifVersion !== undefined && ifVersion !== before.version) {
    return err({ code: 'FENCE_CHANGED', fenceId, version: before.version });
  }
  const after: Fence = { ...before, ...change };
  if (isDeepStrictEqual(before, after)) return ok(before);
  const version = await nextFencesVersion(tenant);
  // a statement of its own: within one, the new form would be inserted before the old one is closed
  await sql`
    update followme.fence_version set to_version = ${version}
     where tenant_id = ${tenant.tenantId} and fence_id = ${fenceId} and to_version is null
  `.execute(tenant.db);
  return ok(await insertForm(tenant, { ...after, version }));
}

async function insertForm(tenant: TenantScope, form: Fence): Promise<Fence> {
  const { fenceId, name, shape, groupIds, version } = form;
  const result = await sql<Fence>`
    with renamed as (
      update followme.fence set name = ${name}, version = ${version}
       where tenant_id = ${tenant.tenantId} and id = ${fenceId}
    ), v as (
      insert into followme.fence_version (tenant_id, fence_id, from_version, name, shape, group_ids)
      values (${tenant.tenantId}, ${fenceId}, ${version}, ${name}, ${JSON.stringify(shape)}::jsonb,
              ${groupIds === null ? null : [...groupIds]}::int[])
      returning *
    )
    select ${fenceColumns} from v
  `.execute(tenant.db);
  return onlyRow(result, 'update of a fence');
}
