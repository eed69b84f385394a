import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { boundedLimit } from '../page.ts';
import { alertColumns, type Alert } from './alert.ts';

/**
 * Cards that changed after `revision`, in the order of their changes. As many as `limit` means there may be
 * more: ask again from the last one.
 */
export async function alertsSince(
  tenant: TenantScope,
  since: { readonly revision: number; readonly limit: number },
): Promise<readonly Alert[]> {
  const { rows } = await sql<Alert>`
    select ${alertColumns} from followme.alert a
     where a.tenant_id = ${tenant.tenantId} and a.revision > ${since.revision}
     order by a.revision, a.id
     limit ${boundedLimit(since.limit)}
  `.execute(tenant.db);
  return rows;
}
