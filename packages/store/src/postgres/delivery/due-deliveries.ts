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
  followme.delivery d
  join followme.tenant t on t.id = d.tenant_id
  left join followme.tenant_settings s on s.tenant_id = d.tenant_id
  left join followme.alert a on a.tenant_id = d.tenant_id and a.id = d.alert_id
`;
const isAnswered = sql`d.while_open and a.state is distinct from 'open'`;
/** What calls for help goes first, then what waits longest. */
const urgency = sql`(a.severity is not distinct from 'critical') desc, d.not_before, d.id`;

/** Mails whose time has come, the most urgent first. */
export async function dueMails(
  system: SystemScope,
  query: { readonly nowMs: number; readonly limit: number },
): Promise<readonly DueMail[]> {
  const { rows } = await sql<DueMail>`
    select 'email' as channel, ${dueColumns}, coalesce(u.email, d.address) as address,
           coalesce(u.name, d.address) as receiver,
           case when ${isAnswered} then 'answered' when u.id is null then 'receiver gone'
                when u.disabled_at is not null then 'receiver disabled' end as obsolete
      from ${dueTables}
      left join followme.app_user u on u.tenant_id = d.tenant_id and u.id = d.user_id
     where d.state = 'waiting' and d.channel = 'email' and d.not_before <= ${new Date(query.nowMs)}
     order by ${urgency} limit ${query.limit}
  `.execute(system.db);
  return rows;
}

/** For each webhook that is not busy the most urgent call whose time has come. */
export async function dueCalls(
  system: SystemScope,
  query: {
    readonly nowMs: number;
    readonly limit: number;
    readonly busy: readonly WebhookId[];
  },
): Promise<readonly DueCall[]> {
  const { rows } = await sql<DueCall>`
    select distinct on (d.webhook_id) 'webhook' as channel, ${dueColumns}, d.webhook_id as "webhookId",
           coalesce(w.url, d.address) as address, coalesce(w.secret, '') as secret,
           case when ${isAnswered} then 'answered' when w.id is null or w.deleted_at is not null
                then 'receiver gone' when not w.enabled then 'receiver disabled' end as obsolete
      from ${dueTables}
      left join followme.webhook w on w.tenant_id = d.tenant_id and w.id = d.webhook_id
     where d.state = 'waiting' and d.channel = 'webhook' and d.not_before <= ${new Date(query.nowMs)}
       and d.webhook_id <> all(${[...query.busy]}::int[])
     order by d.webhook_id, ${urgency} limit ${query.limit}
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
