import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { settingsColumns, type TenantSettings } from './settings.ts';

/** How the tenant wants to look; what it never set is as we ship it. */
export async function getSettings(tenant: TenantScope): Promise<TenantSettings> {
  const result = await sql<TenantSettings>`
    select ${settingsColumns}
      from followme.tenant t
      left join followme.tenant_settings s on s.tenant_id = t.id
     where t.id = ${tenant.tenantId}
  `.execute(tenant.db);
  return onlyRow(result, `settings of tenant ${tenant.tenantId}`);
}
