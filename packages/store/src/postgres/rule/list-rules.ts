import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { ruleColumns, type Rule } from './rule.ts';

/** The tenant's rules, by name. */
export async function listRules(tenant: TenantScope): Promise<readonly Rule[]> {
  const { rows } = await sql<Rule>`
    select ${ruleColumns} from followme.rule r
     where r.tenant_id = ${tenant.tenantId} and r.deleted_at is null
     order by r.name, r.id
  `.execute(tenant.db);
  return rows;
}
