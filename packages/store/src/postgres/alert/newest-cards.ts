import type { TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import type { RaisedAlert } from './raised-alert.ts';

/**
 * Holds these tenants' alerts for the rest of the transaction: nobody else raises or answers meanwhile. Always
 * in the order of ids, so that two who hold several tenants wait for each other instead of both.
 */
export async function holdAlerts(
  system: SystemScope,
  tenantIds: readonly TenantId[],
): Promise<void> {
  await sql`
    select 1 from followme.tenant_alerting where tenant_id = any(${[...tenantIds]}::int[])
     order by tenant_id for no key update
  `.execute(system.db);
}

/**
 * The card of each key that the next occurrence is for: the one that is not closed, else the newest, with the
 * newest times that are known of the key. A key names its tracker, so it is one tenant's. Looks at two rows of a
 * key, however many closed cards it has.
 */
export async function newestCards(
  system: SystemScope,
  wanted: readonly { readonly tenantId: TenantId; readonly key: string }[],
): Promise<readonly RaisedAlert[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<RaisedAlert>`
    select a.tenant_id as "tenantId", a.id as "alertId", a.key, a.state, a.severity, a.kind,
           a.rule_id as "ruleId", a.rule_name as "ruleName", a.tracker_id as "trackerId",
           a.fence_id as "fenceId", a.fence_name as "fenceName", a.transition, a.alarm, a.occurrences,
           followme.epoch_ms(a.first_time) as "firstTimeMs",
           followme.epoch_ms(a.key_last_time) as "lastTimeMs", followme.epoch_ms(a.raised_at) as "raisedMs",
           followme.epoch_ms(a.last_raised_at) as "lastRaisedMs",
           followme.epoch_ms(a.key_notified_at) as "notifiedMs",
           followme.epoch_ms(a.repeated_at) as "repeatedMs", a.lon, a.lat,
           followme.epoch_ms(a.escalates_at) as "escalatesMs"
      from unnest(${wanted.map((w) => w.tenantId)}::int[], ${wanted.map((w) => w.key)}::text[])
           as wanted (tenant_id, key)
     cross join lateral (
       select c.*, max(c.last_time) over () as key_last_time, max(c.notified_at) over () as key_notified_at
         from (
           (select * from followme.alert
             where tenant_id = wanted.tenant_id and key = wanted.key and state <> 'closed')
           union
           (select * from followme.alert
             where tenant_id = wanted.tenant_id and key = wanted.key
             order by id desc limit 1)) c
        order by (c.state <> 'closed') desc, c.id desc limit 1) a
  `.execute(system.db);
  return rows;
}
