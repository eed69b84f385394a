import { err, ok, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import {
  deliveryColumns,
  type Delivery,
  type DeliveryNotFound,
  type DeliveryState,
} from './delivery.ts';
import { getDelivery } from './get-delivery.ts';

/** Only a message that was given up can be sent again. */
export interface DeliveryStateConflict {
  readonly code: 'DELIVERY_STATE';
  readonly state: DeliveryState;
}

/**
 * Lets a message that was given up wait again, due at once. It keeps its id, so a receiver that had it after
 * all knows it again; and its attempts, so one that was tried often gets one more try.
 */
export async function retryDelivery(
  tenant: TenantScope,
  deliveryId: string,
  nowMs: number,
): Promise<Result<Delivery, DeliveryNotFound | DeliveryStateConflict>> {
  const { rows } = await sql<Delivery>`
    update followme.delivery d
       set state = 'waiting', not_before = ${new Date(nowMs)}, settled_at = null
     where d.tenant_id = ${tenant.tenantId} and d.id = ${deliveryId}::uuid and d.state = 'dead'
    returning ${deliveryColumns}
  `.execute(tenant.db);
  if (rows[0] !== undefined) return ok(rows[0]);
  const found = await getDelivery(tenant, deliveryId);
  return found === null
    ? err({ code: 'DELIVERY_NOT_FOUND', deliveryId })
    : err({ code: 'DELIVERY_STATE', state: found.delivery.state });
}
