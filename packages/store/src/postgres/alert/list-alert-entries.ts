import type { AlertId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { AlertPerson } from './alert.ts';

/** What can happen to a card. */
export type AlertEntryKind =
  | 'raised'
  | 'repeated'
  | 'acknowledged'
  | 'assigned'
  | 'unassigned'
  | 'commented'
  | 'escalated'
  | 'closed'
  | 'reopened';

/** Something that happened to a card; by null is the system. */
export interface AlertEntryRow {
  readonly timeMs: number;
  readonly by: AlertPerson | null;
  readonly kind: AlertEntryKind;
  readonly comment: string | null;
  /** To whom it was assigned. */
  readonly about: AlertPerson | null;
}

/** Newest entries that are answered: the history of a card that repeats for weeks stays readable. */
const MOST_ENTRIES = 1_000;

/** What happened to a card, oldest first. */
export async function listAlertEntries(
  tenant: TenantScope,
  alertId: AlertId,
): Promise<readonly AlertEntryRow[]> {
  const { rows } = await sql<AlertEntryRow>`
    select followme.epoch_ms(e.at) as "timeMs", e.kind, e.comment,
           case when by_user.id is null then null else
             jsonb_build_object('id', by_user.id, 'name', by_user.name) end as by,
           case when about.id is null then null else
             jsonb_build_object('id', about.id, 'name', about.name) end as about
      from (select * from followme.alert_entry
             where tenant_id = ${tenant.tenantId} and alert_id = ${alertId}
             order by id desc limit ${MOST_ENTRIES}) e
      left join followme.app_user by_user on by_user.tenant_id = e.tenant_id and by_user.id = e.user_id
      left join followme.app_user about on about.tenant_id = e.tenant_id and about.id = e.about_user_id
     order by e.id
  `.execute(tenant.db);
  return rows;
}
