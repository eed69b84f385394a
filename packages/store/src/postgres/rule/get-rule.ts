import type { RuleId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { ruleColumns, type Rule } from './rule.ts';

/** A rule, or null when the tenant has none of this id. */
export async function getRule(tenant: TenantScope, ruleId: RuleId): Promise<Rule | null> {
  const { rows } = await sql<Rule>`
    select ${ruleColumns} from followme.rule r
     where r.tenant_id = ${tenant.tenantId} and r.id = ${ruleId} and r.deleted_at is null
  `.execute(tenant.db);
  return rows[0] ?? null;
}
