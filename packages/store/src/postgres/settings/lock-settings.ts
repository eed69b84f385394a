import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

/**
 * Holds the tenant's row of settings until the transaction ends, so that changes happen one after another;
 * makes it when there is none. Answers its version.
 */
export async function lockSettings(tenant: TenantScope): Promise<number> {
  await sql`
    insert into followme.tenant_settings (tenant_id, version) values (${tenant.tenantId}, 0)
    on conflict do nothing
  `.execute(tenant.db);
  const result = await sql<{ version: number }>`
    select version from followme.tenant_settings where tenant_id = ${tenant.tenantId} for update
  `.execute(tenant.db);
  return onlyRow(result, `settings of tenant ${tenant.tenantId}`).version;
}
