import { randomBytes } from 'node:crypto';
import type { TenantId, WebhookId } from '@followme/model';
import { sql } from 'kysely';

/** An address outside that is called. Its secret is not part of it. */
export interface Webhook {
  readonly tenantId: TenantId;
  readonly webhookId: WebhookId;
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
}

/** A webhook with what signs its messages; told once. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  /** `whsec_…` of Standard Webhooks. */
  readonly secret: string;
}

/** The tenant has no such webhook, or it is deleted. */
export interface WebhookNotFound {
  readonly code: 'WEBHOOK_NOT_FOUND';
  readonly webhookId: WebhookId;
}

/** Standard Webhooks asks for 24 to 64 random bytes. */
const SECRET_BYTES = 32;

/** A fresh signing secret in the form of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** The columns of a `Webhook`, from `followme.webhook w`. */
export const webhookColumns = sql`
  w.tenant_id as "tenantId", w.id as "webhookId", w.name, w.url, w.enabled
`;
