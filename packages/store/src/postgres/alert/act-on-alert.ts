import {
  err,
  ok,
  type AlertId,
  type AlertState,
  type Result,
  type TrackerId,
  type UserId,
} from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { seesTracker } from '../user/sees-tracker.ts';
import {
  alertColumns,
  onlyVisible,
  type Alert,
  type AlertNotFound,
  type VisibleTrackers,
} from './alert.ts';
import { endEscalations } from './end-escalations.ts';
import type { AlertEntryKind } from './list-alert-entries.ts';
import { nextAlertsRevision } from './next-alerts-revision.ts';

/** What people do with a card. */
export type AlertAction =
  | { readonly kind: 'acknowledge' | 'close' | 'reopen'; readonly comment?: string | null }
  | { readonly kind: 'assign'; readonly toUserId: UserId | null }
  | { readonly kind: 'comment'; readonly comment: string };

/** Who does what with which card. */
export interface AlertDoing {
  readonly alertId: AlertId;
  readonly userId: UserId;
  readonly nowMs: number;
  /** The cards this person may see; all when left out. */
  readonly visible?: VisibleTrackers;
  readonly action: AlertAction;
}

/** The card is not in a state in which this can be done, or another card has taken its place. */
export interface AlertStateConflict {
  readonly code: 'ALERT_STATE';
  readonly state: AlertState;
}

/** The person it shall be assigned to is none of the tenant, or may not log in. */
export interface AssigneeNotFound {
  readonly code: 'USER_NOT_FOUND';
  readonly userId: UserId;
}

/** The person it shall be assigned to may not see its tracker, so could not open the card. */
export interface AssigneeCannotSee {
  readonly code: 'ASSIGNEE_CANNOT_SEE';
  readonly userId: UserId;
}

/** States in which each deed can be done. */
const ALLOWED: Readonly<Record<AlertAction['kind'], readonly AlertState[]>> = {
  acknowledge: ['open'],
  close: ['open', 'acknowledged'],
  reopen: ['acknowledged', 'closed'],
  assign: ['open', 'acknowledged'],
  comment: ['open', 'acknowledged', 'closed'],
};

/**
 * Does something with a card and writes down who did it. Of two people who answer the same card, the second
 * gets `ALERT_STATE`. Answering or closing it also ends its escalation.
 */
export async function actOnAlert(
  tenant: TenantScope,
  doing: AlertDoing,
): Promise<
  Result<Alert, AlertNotFound | AlertStateConflict | AssigneeNotFound | AssigneeCannotSee>
> {
  const { alertId, action } = doing;
  const revision = await nextAlertsRevision(tenant, tenant.tenantId);
  const found = await sql<{ state: AlertState; key: string; trackerId: TrackerId }>`
    select a.state, a.key, a.tracker_id as "trackerId" from followme.alert a
     where a.tenant_id = ${tenant.tenantId} and a.id = ${alertId} ${onlyVisible(doing.visible)}
  `.execute(tenant.db);
  const [card] = found.rows;
  if (card === undefined) return err({ code: 'ALERT_NOT_FOUND', alertId });
  const { state, key, trackerId } = card;
  if (!ALLOWED[action.kind].includes(state)) return err({ code: 'ALERT_STATE', state });
  if (action.kind === 'reopen' && state === 'closed' && (await isFollowed(tenant, alertId, key))) {
    return err({ code: 'ALERT_STATE', state });
  }
  if (action.kind === 'assign' && action.toUserId !== null) {
    const fault = await assigneeFault(tenant, action.toUserId, trackerId);
    if (fault !== null) return err({ code: fault, userId: action.toUserId });
  }
  await writeEntry(tenant, doing);
  if (action.kind === 'acknowledge' || action.kind === 'close') {
    const { tenantId } = tenant;
    const { nowMs } = doing;
    await endEscalations(tenant, { tenantId, alertIds: [alertId], nowMs, detail: 'answered' });
  }
  const result = await sql<Alert>`
    update followme.alert a set revision = ${revision} ${changesOf(doing)}
     where a.tenant_id = ${tenant.tenantId} and a.id = ${alertId}
    returning ${alertColumns}
  `.execute(tenant.db);
  return ok(onlyRow(result, 'update of an alert'));
}

/** A closed card goes back to what it was: who had answered it has, so it does not ring again. */
const reopened = sql`,
  state = case when state = 'closed' and acknowledged_at is not null then 'acknowledged' else 'open' end,
  acknowledged_at = case when state = 'closed' then acknowledged_at end,
  acknowledged_by = case when state = 'closed' then acknowledged_by end,
  closed_at = null, closed_by = null`;

function changesOf({ action, nowMs, userId }: AlertDoing) {
  const now = new Date(nowMs);
  switch (action.kind) {
    case 'acknowledge':
      return sql`, state = 'acknowledged', acknowledged_at = ${now}, acknowledged_by = ${userId}, escalates_at = null`;
    case 'close':
      return sql`, state = 'closed', closed_at = ${now}, closed_by = ${userId}, escalates_at = null`;
    case 'reopen':
      return reopened;
    case 'assign':
      return sql`, assigned_to = ${action.toUserId}`;
    case 'comment':
      return sql``;
  }
}

const ENTRY_OF: Readonly<Record<Exclude<AlertAction['kind'], 'assign'>, AlertEntryKind>> = {
  acknowledge: 'acknowledged',
  close: 'closed',
  reopen: 'reopened',
  comment: 'commented',
};

async function writeEntry(
  { tenantId, db }: TenantScope,
  { alertId, nowMs, userId, action }: AlertDoing,
): Promise<void> {
  const isAssign = action.kind === 'assign';
  const kind = !isAssign
    ? ENTRY_OF[action.kind]
    : action.toUserId === null
      ? 'unassigned'
      : 'assigned';
  const comment = isAssign ? null : (action.comment ?? null);
  const about = isAssign ? action.toUserId : null;
  await sql`
    insert into followme.alert_entry (tenant_id, alert_id, at, user_id, kind, comment, about_user_id)
    values (${tenantId}, ${alertId}, ${new Date(nowMs)}, ${userId}, ${kind}, ${comment}, ${about})
  `.execute(db);
}

/**
 * Whether the cause goes on, or went on, on another card: one at most may be open, and the next occurrence counts
 * on the newest.
 */
async function isFollowed(tenant: TenantScope, alertId: AlertId, key: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from followme.alert
     where tenant_id = ${tenant.tenantId} and key = ${key} and (state <> 'closed' or id > ${alertId})
     limit 1
  `.execute(tenant.db);
  return rows.length > 0;
}

/** Why a person cannot be given an alert about a tracker; null when they can. */
async function assigneeFault(
  tenant: TenantScope,
  userId: UserId,
  trackerId: TrackerId,
): Promise<'USER_NOT_FOUND' | 'ASSIGNEE_CANNOT_SEE' | null> {
  const { rows } = await sql<{ sees: boolean }>`
    select ${seesTracker(trackerId)} as sees from followme.app_user u
     where u.tenant_id = ${tenant.tenantId} and u.id = ${userId} and u.disabled_at is null
  `.execute(tenant.db);
  const [person] = rows;
  if (person === undefined) return 'USER_NOT_FOUND';
  return person.sees ? null : 'ASSIGNEE_CANNOT_SEE';
}
