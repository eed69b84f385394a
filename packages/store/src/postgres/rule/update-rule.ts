import { err, ok, type Result, type RuleId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { bumpRules } from './bump-rules.ts';
import { getRule } from './get-rule.ts';
import {
  RULE_COLUMNS,
  ruleColumns,
  ruleValues,
  type Rule,
  type RuleChanged,
  type RuleFields,
  type RuleNotFound,
} from './rule.ts';

/** What to change; what is not named stays. With `ifVersion` only when the rule has this version. */
export type RuleChange = Partial<RuleFields> & { readonly ifVersion?: number };

/** Changes a rule for what happens from then on; cards that are there stay as they are. */
export async function updateRule(
  tenant: TenantScope,
  ruleId: RuleId,
  { ifVersion, ...change }: RuleChange,
): Promise<Result<Rule, RuleNotFound | RuleChanged>> {
  await bumpRules(tenant);
  const before = await getRule(tenant, ruleId);
  if (before === null) return err({ code: 'RULE_NOT_FOUND', ruleId });
  if (ifVersion !== undefined && ifVersion !== before.version) {
    return err({ code: 'RULE_CHANGED', version: before.version });
  }
  const result = await sql<Rule>`
    update followme.rule r
       set (${RULE_COLUMNS}) = row(${ruleValues({ ...before, ...change })}), version = r.version + 1
     where r.tenant_id = ${tenant.tenantId} and r.id = ${ruleId}
    returning ${ruleColumns}
  `.execute(tenant.db);
  return ok(onlyRow(result, 'update of a rule'));
}
