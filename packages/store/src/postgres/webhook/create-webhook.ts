import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { bumpRules } from '../rule/bump-rules.ts';
import {
  newWebhookSecret,
  webhookColumns,
  type Webhook,
  type WebhookWithSecret,
} from './webhook.ts';

/** Makes a webhook with a secret of its own. The address was checked by the caller. */
export async function createWebhook(
  tenant: TenantScope,
  webhook: { readonly name: string; readonly url: string },
): Promise<WebhookWithSecret> {
  await bumpRules(tenant);
  const secret = newWebhookSecret();
  const result = await sql<Webhook>`
    insert into followme.webhook as w (tenant_id, name, url, secret)
    values (${tenant.tenantId}, ${webhook.name}, ${webhook.url}, ${secret})
    returning ${webhookColumns}
  `.execute(tenant.db);
  return { webhook: onlyRow(result, 'insert of a webhook'), secret };
}
