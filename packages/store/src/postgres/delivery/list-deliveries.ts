import { ok, type AlertId, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { boundedLimit, pageOf, parseCursor, type CursorError, type Page } from '../page.ts';
import type { VisibleTrackers } from '../alert/alert.ts';
import { deliveryColumns, onlyOfVisible, type Delivery, type DeliveryState } from './delivery.ts';

/** Which deliveries to list; what is not named does not narrow. */
export interface DeliveryListQuery {
  readonly state?: DeliveryState;
  readonly alertId?: AlertId;
  /** Only those about cards of these trackers, for people who do not see all. */
  readonly visible?: VisibleTrackers;
  readonly limit: number;
  readonly cursor?: string;
}

/** The id: what orders deliveries of the same millisecond. */
const TIE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Deliveries, newest first. */
export async function listDeliveries(
  tenant: TenantScope,
  query: DeliveryListQuery,
): Promise<Result<Page<Delivery>, CursorError>> {
  const before = parseCursor(query.cursor, TIE);
  if (!before.ok) return before;
  const limit = boundedLimit(query.limit);
  const narrowed = [
    onlyOfVisible(query.visible),
    query.state === undefined ? sql`` : sql`and d.state = ${query.state}`,
    query.alertId === undefined ? sql`` : sql`and d.alert_id = ${query.alertId}`,
    before.value === null
      ? sql``
      : sql`and (d.created_at, d.id)
              < (${new Date(before.value.number)}, ${before.value.text}::uuid)`,
  ];
  const { rows } = await sql<Delivery>`
    select ${deliveryColumns} from followme.delivery d
     where d.tenant_id = ${tenant.tenantId} ${sql.join(narrowed, sql` `)}
     order by d.created_at desc, d.id desc
     limit ${limit + 1}
  `.execute(tenant.db);
  return ok(
    pageOf(rows, limit, ({ createdTimeMs, deliveryId }) => ({
      number: createdTimeMs,
      text: deliveryId,
    })),
  );
}
