import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

/**
 * Holds the tenant's edits of fences until the end of the transaction without making a version, for who must
 * look before it decides. `nextFencesVersion` takes the same lock.
 */
export async function lockFences(tenant: TenantScope): Promise<void> {
  await sql`
    select from followme.tenant where id = ${tenant.tenantId} for no key update
  `.execute(tenant.db);
}

/**
 * Takes the tenant's next fences version. The row lock lasts until the commit: edits of one tenant happen
 * one after another, so each statement after this one sees all edits before.
 */
export async function nextFencesVersion(tenant: TenantScope): Promise<number> {
  const result = await sql<{ version: number }>`
    update followme.tenant set fences_version = fences_version + 1
     where id = ${tenant.tenantId}
    returning fences_version::float8 as version
  `.execute(tenant.db);
  return onlyRow(result, `tenant ${tenant.tenantId}`).version;
}
