import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { bumpRules } from './bump-rules.ts';
import { RULE_COLUMNS, ruleColumns, ruleValues, type Rule, type RuleFields } from './rule.ts';

/** Makes a rule; it holds for what happens from then on. */
export async function createRule(tenant: TenantScope, rule: RuleFields): Promise<Rule> {
  await bumpRules(tenant);
  const result = await sql<Rule>`
    insert into followme.rule as r (tenant_id, ${RULE_COLUMNS})
    values (${tenant.tenantId}, ${ruleValues(rule)})
    returning ${ruleColumns}
  `.execute(tenant.db);
  return onlyRow(result, 'insert of a rule');
}
