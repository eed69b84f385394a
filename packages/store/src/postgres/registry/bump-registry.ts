import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

/**
 * Takes the tenant's next registry revision; whoever changes trackers, devices, groups or people calls it
 * in the same transaction, before their change where they write the revision on rows. The row lock it
 * takes lasts until the commit: changes of one tenant happen one after another, and revisions become
 * visible in their order.
 */
export async function bumpRegistry(tenant: TenantScope): Promise<number> {
  const result = await sql<{ revision: number }>`
    update followme.tenant set registry_revision = registry_revision + 1
     where id = ${tenant.tenantId}
    returning registry_revision::float8 as revision
  `.execute(tenant.db);
  return onlyRow(result, `tenant ${tenant.tenantId}`).revision;
}
