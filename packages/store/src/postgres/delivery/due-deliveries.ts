import type { AlertId, TenantId, WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import type { DeliveryContent, DeliveryPurpose } from './delivery.ts';

interface Due {
  readonly deliveryId: string;
  readonly tenantId: TenantId;
  readonly alertId: AlertId | null;
  readonly purpose: DeliveryPurpose;
  /** Attempts made before. */
  readonly attempts: number;
  readonly content: DeliveryContent;
  /** Set when nobody is to be told any more: why. */
  readonly obsolete: 'answered' | 'receiver gone' | 'receiver disabled' | null;
  /** In whose name and language it speaks. */
  readonly voice: string;
  readonly language: 'en' | 'nl';
}

/** A mail whose time has come, with the receiver as it is now. */
export interface DueMail extends Due {
  readonly channel: 'email';
  readonly address: string;
  readonly receiver: string;
}

/** A webhook's call whose time has come, with the webhook as it is now. */
export interface DueCall extends Due {
  readonly channel: 'webhook';
  readonly webhookId: WebhookId;
  readonly address: string;
  readonly secret: string;
}

/** One message whose time has come. */
export type DueDelivery = DueMail | DueCall;

const dueColumns = sql`
  d.id as "deliveryId", d.tenant_id as "tenantId", d.alert_id as "alertId", d.purpose, d.attempts, d.content,
  coalesce(s.brand_name, t.name) as voice, coalesce(s.language, 'en') as language
`;
const dueTables = sql`
  chosen
  join followme.delivery d on d.tenant_id = chosen.tenant_id and d.id = chosen.id
  join followme.tenant t on t.id = d.tenant_id
  left join followme.tenant_settings s on s.tenant_id = d.tenant_id
  left join followme.alert a on a.tenant_id = d.tenant_id and a.id = d.alert_id
`;
const isAnswered = sql`d.while_open and a.state is distinct from 'open'`;

/** Which mails are asked for. */
export interface DueMailsQuery {
  readonly nowMs: number;
  readonly limit: number;
  /** Whose mail was taken last: the turns go on behind this tenant. */
  readonly afterTenantId: TenantId | null;
}

/**
 * Mails whose time has come: what calls for help first, then tenants in turns, and of each what waits longest.
 * Costs as much as is asked for and as there are tenants, however much waits.
 */
export async function dueMails(
  system: SystemScope,
  query: DueMailsQuery,
): Promise<readonly DueMail[]> {
  const { limit, afterTenantId } = query;
  const { rows } = await sql<DueMail>`
    with heads as (
      select h.*, row_number() over (partition by h.tenant_id, h.critical order by h.not_before, h.id) as turn
        from followme.tenant t
       cross join (values (true), (false)) as urgency (critical)
       cross join lateral (
         select tenant_id, id, critical, not_before from followme.delivery
          where tenant_id = t.id and channel = 'email' and critical = urgency.critical
            and state = 'waiting' and not_before <= ${new Date(query.nowMs)}
          order by not_before, id limit ${limit}) h
    ), ranked as (
      select heads.*, row_number() over (
               order by critical desc, turn, tenant_id <= ${afterTenantId ?? 0}, tenant_id) as place
        from heads
    ), chosen as (
      select * from ranked where place <= ${limit}
    )
    select 'email' as channel, ${dueColumns}, coalesce(u.email, d.address) as address,
           coalesce(u.name, d.address) as receiver,
           case when ${isAnswered} then 'answered' when u.id is null then 'receiver gone'
                when u.disabled_at is not null then 'receiver disabled' end as obsolete
      from ${dueTables}
      left join followme.app_user u on u.tenant_id = d.tenant_id and u.id = d.user_id
     order by chosen.place
  `.execute(system.db);
  return rows;
}

/** Which calls are asked for. */
export interface DueCallsQuery {
  readonly nowMs: number;
  readonly limit: number;
  /** Webhooks that are being called. */
  readonly busy: readonly WebhookId[];
  /** Most webhooks of one tenant that are called at a time, the busy ones included. */
  readonly perTenant: number;
}

/**
 * For each webhook that is not busy its most urgent call whose time has come: what calls for help first, then
 * of tenants for which fewer calls are under way, then what waits longest.
 */
export async function dueCalls(
  system: SystemScope,
  query: DueCallsQuery,
): Promise<readonly DueCall[]> {
  const busy = [...query.busy];
  const isDue = sql`state = 'waiting' and not_before <= ${new Date(query.nowMs)}`;
  const { rows } = await sql<DueCall>`
    with heads as (
      select w.tenant_id, h.id, h.critical, h.not_before,
             row_number() over (partition by w.tenant_id order by h.critical desc, h.not_before, h.id)
               + (select count(*) from followme.webhook b
                   where b.tenant_id = w.tenant_id and b.id = any(${busy}::int[])) as turn
        from followme.webhook w
       cross join lateral (
         select * from (
           (select id, critical, not_before from followme.delivery
             where webhook_id = w.id and critical and ${isDue} order by not_before, id limit 1)
           union all
           (select id, critical, not_before from followme.delivery
             where webhook_id = w.id and not critical and ${isDue} order by not_before, id limit 1)
         ) first order by critical desc limit 1) h
       where w.id <> all(${busy}::int[])
    ), chosen as (
      select * from heads where turn <= ${query.perTenant}
       order by critical desc, turn, not_before, id limit ${query.limit}
    )
    select 'webhook' as channel, ${dueColumns}, d.webhook_id as "webhookId",
           coalesce(w.url, d.address) as address, coalesce(w.secret, '') as secret,
           case when ${isAnswered} then 'answered' when w.id is null or w.deleted_at is not null
                then 'receiver gone' when not w.enabled then 'receiver disabled' end as obsolete
      from ${dueTables}
      left join followme.webhook w on w.tenant_id = d.tenant_id and w.id = d.webhook_id
     order by chosen.critical desc, chosen.turn, chosen.not_before, chosen.id
  `.execute(system.db);
  return rows;
}

/** How many messages wait, and since when the first of those whose time has come, ms; null when none has. */
export async function outboxState(
  system: SystemScope,
  nowMs: number,
): Promise<{ readonly waiting: number; readonly oldestDueMs: number | null }> {
  const result = await sql<{ waiting: number; oldestDueMs: number | null }>`
    select count(*)::int as waiting,
           followme.epoch_ms(min(d.not_before) filter (where d.not_before <= ${new Date(nowMs)}))
             as "oldestDueMs"
      from followme.delivery d where d.state = 'waiting'
  `.execute(system.db);
  return onlyRow(result, 'the state of the outbox');
}
