import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

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
