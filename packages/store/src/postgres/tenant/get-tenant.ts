import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import type { Tenant } from './tenant.ts';

/** What the people of a tenant may know of it. */
export async function getTenant(
  tenant: TenantScope,
): Promise<Pick<Tenant, 'tenantId' | 'name' | 'isProvider'>> {
  const result = await sql<Pick<Tenant, 'tenantId' | 'name' | 'isProvider'>>`
    select id as "tenantId", name, is_provider as "isProvider"
      from followme.tenant where id = ${tenant.tenantId}
  `.execute(tenant.db);
  return onlyRow(result, `tenant ${tenant.tenantId}`);
}
