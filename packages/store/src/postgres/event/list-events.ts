import { ok, type FenceEvent, type FenceId, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { boundedLimit, pageOf, parseCursor, type CursorError, type Page } from '../page.ts';
import { eventColumns } from './event-columns.ts';

/** Which events to list: of fix times from `fromMs` to before `toMs`; what is not named does not narrow. */
export interface EventQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly trackerId?: TrackerId;
  readonly fenceId?: FenceId;
  /** Only of these trackers, for people who do not see all. */
  readonly visible?: ReadonlySet<TrackerId> | 'all';
  readonly limit: number;
  readonly cursor?: string;
}

const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Events of a period, newest first. */
export async function listEvents(
  tenant: TenantScope,
  query: EventQuery,
): Promise<Result<Page<FenceEvent>, CursorError>> {
  const before = parseCursor(query.cursor, EVENT_ID);
  if (!before.ok) return before;
  const limit = boundedLimit(query.limit);
  const visible =
    query.visible === undefined || query.visible === 'all' ? null : [...query.visible];
  const narrowed = [
    query.trackerId === undefined ? sql`` : sql`and e.tracker_id = ${query.trackerId}`,
    query.fenceId === undefined ? sql`` : sql`and e.fence_id = ${query.fenceId}`,
    visible === null ? sql`` : sql`and e.tracker_id = any(${visible}::int[])`,
    before.value === null
      ? sql``
      : sql`and (e.fix_time, e.event_id) < (${new Date(before.value.number)}, ${before.value.text}::uuid)`,
  ];
  const { rows } = await sql<FenceEvent>`
    select ${eventColumns}
      from followme.fence_event e
     where e.tenant_id = ${tenant.tenantId}
       and e.fix_time >= ${new Date(query.fromMs)} and e.fix_time < ${new Date(query.toMs)}
       ${sql.join(narrowed, sql` `)}
     order by e.fix_time desc, e.event_id desc
     limit ${limit + 1}
  `.execute(tenant.db);
  return ok(pageOf(rows, limit, (event) => ({ number: event.fixTimeMs, text: event.eventId })));
}
