import type { GroupId, TenantId, TrackerId, UserId, WebhookId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** What raising needs to know of a tracker. */
export interface RaisingTracker {
  readonly trackerId: TrackerId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly groupIds: readonly GroupId[];
}

/** Trackers in service, with the groups they are in now. */
export async function raisingTrackers(
  system: SystemScope,
  trackerIds: readonly TrackerId[],
): Promise<readonly RaisingTracker[]> {
  const { rows } = await sql<RaisingTracker>`
    select t.id as "trackerId", t.tenant_id as "tenantId", t.name,
           array(select g.group_id from followme.group_tracker g
                  where g.tenant_id = t.tenant_id and g.tracker_id = t.id) as "groupIds"
      from followme.tracker t
     where t.id = any(${[...trackerIds]}::int[]) and t.retired_at is null
  `.execute(system.db);
  return rows;
}

/** Somebody a message can go to. */
export interface MailReceiver {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly email: string;
}

/** People of these ids, also those who may not log in: whoever sends looks at that. */
export async function mailReceivers(
  system: SystemScope,
  userIds: readonly UserId[],
): Promise<readonly MailReceiver[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<MailReceiver>`
    select tenant_id as "tenantId", id as "userId", email from followme.app_user
     where id = any(${[...userIds]}::int[]) order by id
  `.execute(system.db);
  return rows;
}

/** An address outside a message can go to. */
export interface WebhookReceiver {
  readonly tenantId: TenantId;
  readonly webhookId: WebhookId;
  readonly url: string;
}

/** Webhooks of these ids that are not deleted, also disabled ones: whoever sends looks at that. */
export async function webhookReceivers(
  system: SystemScope,
  webhookIds: readonly WebhookId[],
): Promise<readonly WebhookReceiver[]> {
  if (webhookIds.length === 0) return [];
  const { rows } = await sql<WebhookReceiver>`
    select tenant_id as "tenantId", id as "webhookId", url from followme.webhook
     where id = any(${[...webhookIds]}::int[]) and deleted_at is null order by id
  `.execute(system.db);
  return rows;
}

/** In whose name and language a tenant's messages speak. */
export interface TenantVoice {
  readonly tenantId: TenantId;
  /** The brand's name, else the tenant's. */
  readonly name: string;
  readonly language: 'en' | 'nl';
}

/** The voices of these tenants. */
export async function tenantVoices(
  system: SystemScope,
  tenantIds: readonly TenantId[],
): Promise<readonly TenantVoice[]> {
  const { rows } = await sql<TenantVoice>`
    select t.id as "tenantId", coalesce(s.brand_name, t.name) as name,
           coalesce(s.language, 'en') as language
      from followme.tenant t left join followme.tenant_settings s on s.tenant_id = t.id
     where t.id = any(${[...tenantIds]}::int[])
  `.execute(system.db);
  return rows;
}
