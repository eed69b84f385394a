import { ok, type GroupId, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { boundedLimit, pageOf, parseCursor, type CursorError, type Page } from '../page.ts';
import { trackerColumns, type Tracker } from './tracker.ts';

/** Which trackers to list; what is not named does not narrow. */
export interface TrackerQuery {
  /** Part of the name or of a device's identifier, in any case. */
  readonly search?: string;
  readonly groupId?: GroupId;
  /** Only these, for people who do not see all. */
  readonly visible?: ReadonlySet<TrackerId> | 'all';
  readonly limit: number;
  readonly cursor?: string;
}

/** Trackers in service, in the order of their ids. */
export async function listTrackers(
  tenant: TenantScope,
  query: TrackerQuery,
): Promise<Result<Page<Tracker>, CursorError>> {
  const after = parseCursor(query.cursor, /^$/);
  if (!after.ok) return after;
  const limit = boundedLimit(query.limit);
  const search = query.search === undefined ? null : query.search.toLowerCase();
  const visible =
    query.visible === undefined || query.visible === 'all' ? null : [...query.visible];
  const groupId = query.groupId ?? null;
  const { rows } = await sql<Tracker>`
    select ${trackerColumns}
      from followme.tracker t
     where t.tenant_id = ${tenant.tenantId} and t.retired_at is null
       and t.id > ${after.value?.number ?? 0}
       and (${visible}::int[] is null or t.id = any(${visible}::int[]))
       and (${groupId}::int is null
            or exists (select from followme.group_tracker g
                        where g.tenant_id = t.tenant_id and g.tracker_id = t.id
                          and g.group_id = ${groupId}))
       and (${search}::text is null
            or position(${search} in lower(t.name)) > 0
            or exists (select from followme.device d
                        where d.tenant_id = t.tenant_id and d.tracker_id = t.id
                          and d.retired_at is null and position(${search} in lower(d.identifier)) > 0))
     order by t.id
     limit ${limit + 1}
  `.execute(tenant.db);
  return ok(pageOf(rows, limit, (tracker) => ({ number: tracker.trackerId, text: '' })));
}
