import type { AlertId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { alertColumns, onlyVisible, type Alert, type VisibleTrackers } from './alert.ts';

/** A card, or null when there is none of this id or it may not be seen. */
export async function getAlert(
  tenant: TenantScope,
  alertId: AlertId,
  visible?: VisibleTrackers,
): Promise<Alert | null> {
  const { rows } = await sql<Alert>`
    select ${alertColumns} from followme.alert a
     where a.tenant_id = ${tenant.tenantId} and a.id = ${alertId} ${onlyVisible(visible)}
  `.execute(tenant.db);
  return rows[0] ?? null;
}
