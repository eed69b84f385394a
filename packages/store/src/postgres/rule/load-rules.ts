import type { TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { ruleColumns, type Rule } from './rule.ts';

/** The rules of a tenant that are in force, as of a rules revision. */
export interface TenantRules {
  readonly revision: number;
  readonly rules: readonly Rule[];
}

/**
 * The enabled rules of these tenants; `known` is taken for those whose rules have not changed since. A change
 * that commits in between is told now and once more at the next call, never left out.
 */
export async function loadRules(
  system: SystemScope,
  tenantIds: readonly TenantId[],
  known: ReadonlyMap<TenantId, TenantRules>,
): Promise<ReadonlyMap<TenantId, TenantRules>> {
  const asked = await sql<{ tenantId: TenantId; revision: number }>`
    select id as "tenantId", rules_revision::float8 as revision from followme.tenant
     where id = any(${[...tenantIds]}::int[])
  `.execute(system.db);
  const stale = asked.rows.filter((t) => known.get(t.tenantId)?.revision !== t.revision);
  const fresh = await enabledRules(
    system,
    stale.map((t) => t.tenantId),
  );
  const loaded = new Map<TenantId, TenantRules>();
  for (const { tenantId, revision } of asked.rows) {
    const before = known.get(tenantId);
    const rules =
      before?.revision === revision
        ? before.rules
        : fresh.filter((rule) => rule.tenantId === tenantId);
    loaded.set(tenantId, { revision, rules });
  }
  return loaded;
}

async function enabledRules(
  system: SystemScope,
  tenantIds: readonly TenantId[],
): Promise<readonly Rule[]> {
  if (tenantIds.length === 0) return [];
  const { rows } = await sql<Rule>`
    select ${ruleColumns} from followme.rule r
     where r.tenant_id = any(${[...tenantIds]}::int[]) and r.deleted_at is null and r.enabled
     order by r.id
  `.execute(system.db);
  return rows;
}
