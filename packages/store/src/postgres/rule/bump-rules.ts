import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

/**
 * Takes the tenant's next rules revision; whoever changes rules or webhooks calls it first. The row lock lasts
 * until the commit: changes of one tenant happen one after another.
 */
export async function bumpRules(tenant: TenantScope): Promise<void> {
  const result = await sql`
    update followme.tenant set rules_revision = rules_revision + 1
     where id = ${tenant.tenantId} returning 1
  `.execute(tenant.db);
  onlyRow(result, `tenant ${tenant.tenantId}`);
}
