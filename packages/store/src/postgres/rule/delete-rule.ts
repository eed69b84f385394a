import { err, ok, type Result, type RuleId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRules } from './bump-rules.ts';
import type { RuleNotFound } from './rule.ts';

/** Takes a rule away. The cards it raised stay, with its name. */
export async function deleteRule(
  tenant: TenantScope,
  ruleId: RuleId,
): Promise<Result<void, RuleNotFound>> {
  await bumpRules(tenant);
  const { rows } = await sql`
    update followme.rule set deleted_at = now()
     where tenant_id = ${tenant.tenantId} and id = ${ruleId} and deleted_at is null
    returning 1
  `.execute(tenant.db);
  return rows.length === 0 ? err({ code: 'RULE_NOT_FOUND', ruleId }) : ok(undefined);
}
