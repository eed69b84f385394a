import { ok, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { boundedLimit, pageOf, parseCursor, type CursorError, type Page } from '../page.ts';
import { alertColumns, onlyVisible, type Alert, type VisibleTrackers } from './alert.ts';

/** Which cards to list; what is not named does not narrow. */
export interface AlertListQuery {
  readonly state?: 'unclosed' | 'closed';
  readonly trackerId?: TrackerId;
  readonly visible?: VisibleTrackers;
  readonly limit: number;
  readonly cursor?: string;
}

/** The number alone says where to go on. */
const NO_TIE = /^$/;

/** Cards, newest first. */
export async function listAlerts(
  tenant: TenantScope,
  query: AlertListQuery,
): Promise<Result<Page<Alert>, CursorError>> {
  const before = parseCursor(query.cursor, NO_TIE);
  if (!before.ok) return before;
  const limit = boundedLimit(query.limit);
  const narrowed = [
    onlyVisible(query.visible),
    query.trackerId === undefined ? sql`` : sql`and a.tracker_id = ${query.trackerId}`,
    query.state === undefined
      ? sql``
      : query.state === 'closed'
        ? sql`and a.state = 'closed'`
        : sql`and a.state <> 'closed'`,
    before.value === null ? sql`` : sql`and a.id < ${before.value.number}::float8::int8`,
  ];
  const { rows } = await sql<Alert>`
    select ${alertColumns} from followme.alert a
     where a.tenant_id = ${tenant.tenantId} ${sql.join(narrowed, sql` `)}
     order by a.id desc
     limit ${limit + 1}
  `.execute(tenant.db);
  return ok(pageOf(rows, limit, ({ alertId }) => ({ number: alertId, text: '' })));
}
