import type { TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { Scope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

/**
 * Takes the tenant's next alerts revision, before any card is read or changed. The row lock lasts until the
 * commit: changes of the cards of one tenant happen one after another, and revisions become visible in their
 * order. A number that no card carries in the end does no harm.
 */
export async function nextAlertsRevision(scope: Scope, tenantId: TenantId): Promise<number> {
  const result = await sql<{ revision: number }>`
    update followme.tenant_alerting set alerts_revision = alerts_revision + 1
     where tenant_id = ${tenantId} returning alerts_revision::float8 as revision
  `.execute(scope.db);
  return onlyRow(result, `tenant ${tenantId}`).revision;
}
