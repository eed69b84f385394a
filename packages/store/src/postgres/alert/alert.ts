import type {
  AlarmName,
  AlertId,
  AlertKind,
  AlertState,
  FenceEventKind,
  FenceId,
  RuleId,
  Severity,
  TenantId,
  TrackerId,
  UserId,
} from '@followme/model';
import { sql } from 'kysely';

/** Somebody as a card names them. */
export interface AlertPerson {
  readonly id: UserId;
  readonly name: string;
}

/** Something done to a card; by null is the system. */
export interface AlertDeed {
  readonly timeMs: number;
  readonly by: AlertPerson | null;
}

/** One card: one cause and tracker, however often it happened. */
export interface Alert {
  readonly tenantId: TenantId;
  readonly alertId: AlertId;
  /** Of two forms of a card, the one with the higher revision is newer. */
  readonly revision: number;
  readonly state: AlertState;
  readonly severity: Severity;
  readonly kind: AlertKind;
  readonly trackerId: TrackerId;
  readonly trackerName: string;
  readonly fenceId: FenceId | null;
  readonly fenceName: string | null;
  readonly transition: FenceEventKind | null;
  readonly alarm: AlarmName | null;
  /** Null for an SOS, which needs no rule. */
  readonly ruleId: RuleId | null;
  readonly ruleName: string | null;
  readonly occurrences: number;
  /** Times of the first and the newest fix it is about. */
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  /** When the card was made, and when it last happened again, by our clock. */
  readonly raisedTimeMs: number;
  readonly lastRaisedTimeMs: number;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly acknowledged: AlertDeed | null;
  readonly assigned: AlertPerson | null;
  readonly closed: AlertDeed | null;
  /** Who is told, and when, if nobody answers. */
  readonly escalates: { readonly timeMs: number; readonly to: readonly string[] } | null;
}

/** There is no such card, or the asker may not see it. */
export interface AlertNotFound {
  readonly code: 'ALERT_NOT_FOUND';
  readonly alertId: AlertId;
}

/** A person by id, as JSON; null when there is none. */
const person = (column: string) => sql`
  (select jsonb_build_object('id', u.id, 'name', u.name) from followme.app_user u
    where u.tenant_id = a.tenant_id and u.id = ${sql.ref(column)})
`;
const deed = (at: string, by: string) => sql`
  case when ${sql.ref(at)} is null then null else jsonb_build_object(
    'timeMs', followme.epoch_ms(${sql.ref(at)}), 'by', ${person(by)}) end
`;

/** The columns of an `Alert`, from `followme.alert a`. */
export const alertColumns = sql`
  a.tenant_id as "tenantId", a.id as "alertId", a.revision::float8 as revision, a.state, a.severity, a.kind,
  a.tracker_id as "trackerId",
  (select t.name from followme.tracker t where t.tenant_id = a.tenant_id and t.id = a.tracker_id)
    as "trackerName",
  a.fence_id as "fenceId", a.fence_name as "fenceName", a.transition, a.alarm,
  a.rule_id as "ruleId", a.rule_name as "ruleName", a.occurrences,
  followme.epoch_ms(a.first_time) as "firstTimeMs", followme.epoch_ms(a.last_time) as "lastTimeMs",
  followme.epoch_ms(a.raised_at) as "raisedTimeMs",
  followme.epoch_ms(a.last_raised_at) as "lastRaisedTimeMs", a.lon, a.lat,
  ${deed('a.acknowledged_at', 'a.acknowledged_by')} as acknowledged,
  ${person('a.assigned_to')} as assigned,
  ${deed('a.closed_at', 'a.closed_by')} as closed,
  case when a.escalates_at is null then null else jsonb_build_object(
    'timeMs', followme.epoch_ms(a.escalates_at),
    'to', (select coalesce(jsonb_agg(u.name order by u.name), '[]')
             from followme.rule r
             join followme.app_user u on u.tenant_id = r.tenant_id and u.id = any(r.escalate_to_ids)
            where r.tenant_id = a.tenant_id and r.id = a.rule_id and u.disabled_at is null)) end
    as escalates
`;

/** Whose cards somebody may see: those of all trackers, or of these. */
export type VisibleTrackers = ReadonlySet<TrackerId> | 'all';

/** Narrows `followme.alert a` to what somebody may see. */
export function onlyVisible(visible: VisibleTrackers | undefined) {
  return visible === undefined || visible === 'all'
    ? sql``
    : sql`and a.tracker_id = any(${[...visible]}::int[])`;
}
