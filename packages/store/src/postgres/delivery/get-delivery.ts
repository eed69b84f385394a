import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { VisibleTrackers } from '../alert/alert.ts';
import { deliveryColumns, onlyOfVisible, type Delivery, type DeliveryAttempt } from './delivery.ts';

/**
 * A delivery with its attempts, oldest first; null when the tenant has none of this id (a UUID), or it is
 * about a card of a tracker that is not visible.
 */
export async function getDelivery(
  tenant: TenantScope,
  deliveryId: string,
  visible?: VisibleTrackers,
): Promise<{
  readonly delivery: Delivery;
  readonly attempts: readonly DeliveryAttempt[];
} | null> {
  const found = await sql<Delivery>`
    select ${deliveryColumns} from followme.delivery d
     where d.tenant_id = ${tenant.tenantId} and d.id = ${deliveryId}::uuid ${onlyOfVisible(visible)}
  `.execute(tenant.db);
  const [delivery] = found.rows;
  if (delivery === undefined) return null;
  const { rows: attempts } = await sql<DeliveryAttempt>`
    select followme.epoch_ms(at) as "timeMs", took_ms as "tookMs", outcome, detail
      from followme.delivery_attempt
     where tenant_id = ${tenant.tenantId} and delivery_id = ${deliveryId}::uuid
     order by id
  `.execute(tenant.db);
  return { delivery, attempts };
}
