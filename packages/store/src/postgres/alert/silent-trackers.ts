import type { AlertId, GroupId, RuleId, TenantId, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { endEscalations } from './end-escalations.ts';

/** A tracker nothing was heard of for too long. */
export interface SilentTracker {
  readonly trackerId: TrackerId;
  /** When it was last heard. */
  readonly heardMs: number;
  readonly lon: number;
  readonly lat: number;
}

/** Whom to look at, and from when on somebody is silent. */
export interface SilentQuery {
  readonly tenantId: TenantId;
  readonly ruleId: RuleId;
  readonly groupIds: readonly GroupId[] | null;
  /** Silent is who was last heard before. */
  readonly beforeMs: number;
  readonly limit: number;
}

/** The key of the card of a tracker's silence. */
export function silentKey(ruleId: RuleId, trackerId: TrackerId): string {
  return `r${ruleId}:t${trackerId}:silent`;
}

/**
 * Trackers in service that were heard once and are silent now, the longest silent first, without those whose
 * present silence has its card already, answered or not.
 */
export async function silentTrackers(
  system: SystemScope,
  query: SilentQuery,
): Promise<readonly SilentTracker[]> {
  const { tenantId, ruleId, groupIds } = query;
  const { rows } = await sql<SilentTracker>`
    select l.tracker_id as "trackerId", followme.epoch_ms(l.received_time) as "heardMs", l.lon, l.lat
      from followme.tracker_last l
      join followme.tracker t on t.tenant_id = l.tenant_id and t.id = l.tracker_id and t.retired_at is null
     where l.tenant_id = ${tenantId} and l.received_time < ${new Date(query.beforeMs)}
       and (${groupIds === null ? null : [...groupIds]}::int[] is null
            or exists (select from followme.group_tracker g
                        where g.tenant_id = l.tenant_id and g.tracker_id = l.tracker_id
                          and g.group_id = any(${[...(groupIds ?? [])]}::int[])))
       and not exists (select from followme.alert a
                        where a.tenant_id = ${tenantId} and a.rule_id = ${ruleId} and a.tracker_id = l.tracker_id
                          and a.kind = 'silent' and (a.state <> 'closed' or a.last_time >= l.received_time))
     order by l.received_time
     limit ${query.limit}
  `.execute(system.db);
  return rows;
}

/**
 * Closes cards of silence whose tracker was heard again, as the system, and ends their escalation; answers the
 * tenants whose cards they were. At most `limit` at a time.
 */
export async function closeHeardAgain(
  system: SystemScope,
  request: { readonly nowMs: number; readonly limit: number },
): Promise<ReadonlyMap<TenantId, number>> {
  const now = new Date(request.nowMs);
  const found = await sql<{ tenantId: TenantId; alertId: AlertId }>`
    select a.tenant_id as "tenantId", a.id as "alertId"
      from followme.alert a
      join followme.tracker_last l on l.tenant_id = a.tenant_id and l.tracker_id = a.tracker_id
     where a.kind = 'silent' and a.state <> 'closed' and l.received_time > a.last_time
     order by a.id limit ${request.limit}
  `.execute(system.db);
  const closed = new Map<TenantId, number>();
  const tenantIds = [...new Set(found.rows.map((row) => row.tenantId))].toSorted((a, b) => a - b);
  for (const tenantId of tenantIds) {
    const ids = found.rows.filter((row) => row.tenantId === tenantId).map((row) => row.alertId);
    const { rows } = await sql<{ alertId: AlertId }>`
      with taken as (
        update followme.tenant_alerting set alerts_revision = alerts_revision + ${ids.length}
         where tenant_id = ${tenantId} returning alerts_revision - ${ids.length} as revision
      ), numbered as (
        select id, row_number() over (order by id) as n from unnest(${ids}::int[]) as id
      ), closed as (
        update followme.alert a
           set state = 'closed', closed_at = ${now}, closed_by = null, escalates_at = null,
               revision = taken.revision + numbered.n
          from taken, numbered
         where a.tenant_id = ${tenantId} and a.id = numbered.id and a.state <> 'closed'
        returning a.id
      )
      insert into followme.alert_entry (tenant_id, alert_id, at, kind)
      select ${tenantId}, id, ${now}, 'closed' from closed
      returning alert_id as "alertId"
    `.execute(system.db);
    if (rows.length === 0) continue;
    closed.set(tenantId, rows.length);
    const alertIds = rows.map(({ alertId }) => alertId);
    const { nowMs } = request;
    await endEscalations(system, { tenantId, alertIds, nowMs, detail: 'heard again' });
  }
  return closed;
}

/** Rules that watch for silence, of all tenants. */
export interface SilentRule {
  readonly tenantId: TenantId;
  readonly ruleId: RuleId;
  readonly groupIds: readonly GroupId[] | null;
  readonly afterS: number;
}

/** The enabled rules that watch for silence. */
export async function silentRules(system: SystemScope): Promise<readonly SilentRule[]> {
  const { rows } = await sql<SilentRule>`
    select r.tenant_id as "tenantId", r.id as "ruleId", r.group_ids as "groupIds",
           (r.trigger ->> 'afterS')::int as "afterS"
      from followme.rule r
     where r.enabled and r.deleted_at is null and r.trigger ->> 'kind' = 'silent'
     order by r.id
  `.execute(system.db);
  return rows;
}
