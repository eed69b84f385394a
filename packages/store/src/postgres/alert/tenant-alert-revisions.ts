import type { TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** How far the changes of a tenant's alerts and of its rules and webhooks have come; each only grows. */
export interface TenantAlertRevisions {
  readonly alertsRevision: number;
  readonly rulesRevision: number;
}

/** The revisions of all tenants: one small look that makes good a lost broadcast. */
export async function tenantAlertRevisions(
  system: SystemScope,
): Promise<ReadonlyMap<TenantId, TenantAlertRevisions>> {
  const { rows } = await sql<TenantAlertRevisions & { tenantId: TenantId }>`
    select id as "tenantId", alerts_revision::float8 as "alertsRevision",
           rules_revision::float8 as "rulesRevision"
      from followme.tenant join followme.tenant_alerting on tenant_id = id
  `.execute(system.db);
  return new Map(rows.map(({ tenantId, ...revisions }) => [tenantId, revisions]));
}
