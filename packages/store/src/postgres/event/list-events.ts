import { ok, type FenceEvent, type FenceId, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { boundedLimit, pageOf, parseCursor, type CursorError, type Page } from '../page.ts';
import { eventColumns } from './event-columns.ts';

/**
 * Which events to list: received from `fromMs` to before `toMs`; what is not named does not narrow. By the received
 * time, since that is the order in which things became known: the exit by a fence edit carries the fix time of a fix
 * that may be days old.
 */
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

/** Tracker and event number: what orders events of the same millisecond. */
const TIE = /^[1-9]\d{0,9} [1-9]\d{0,15}$/;

/** Events of a period, newest first. */
export async function listEvents(
  tenant: TenantScope,
  query: EventQuery,
): Promise<Result<Page<FenceEvent>, CursorError>> {
  const before = parseCursor(query.cursor, TIE);
  if (!before.ok) return before;
  const limit = boundedLimit(query.limit);
  const visible =
    query.visible === undefined || query.visible === 'all' ? null : [...query.visible];
  const narrowed = [
    query.trackerId === undefined ? sql`` : sql`and e.tracker_id = ${query.trackerId}`,
    query.fenceId === undefined ? sql`` : sql`and e.fence_id = ${query.fenceId}`,
    visible === null ? sql`` : sql`and e.tracker_id = any(${visible}::int[])`,
    before.value === null ? sql`` : olderThan(before.value),
  ];
  const { rows } = await sql<FenceEvent>`
    select ${eventColumns}
      from followme.fence_event e
     where e.tenant_id = ${tenant.tenantId}
       and e.received_time >= ${new Date(query.fromMs)}
       and e.received_time < ${new Date(query.toMs)}
       ${sql.join(narrowed, sql` `)}
     order by e.received_time desc, e.tracker_id desc, e.event_seq desc
     limit ${limit + 1}
  `.execute(tenant.db);
  return ok(
    pageOf(rows, limit, ({ receivedTimeMs, trackerId, eventSeq }) => ({
      number: receivedTimeMs,
      text: `${trackerId} ${eventSeq}`,
    })),
  );
}

function olderThan({ number, text }: { readonly number: number; readonly text: string }) {
  const [trackerId = 0, eventSeq = 0] = text.split(' ').map(Number);
  return sql`and (e.received_time, e.tracker_id, e.event_seq)
               < (${new Date(number)}, ${trackerId}::int, ${eventSeq}::int8)`;
}
