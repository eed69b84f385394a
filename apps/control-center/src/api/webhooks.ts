/** Webhooks, and messages that try a way out. */
import type {
  CreatedWebhook,
  CreateWebhookBody,
  DeliveryDetail,
  TestSent,
  UpdateWebhookBody,
  WebhookReply,
} from '@followme/contracts';
import { request, requestJson } from './client.ts';

/** Makes a webhook; its secret is told this once. @throws ApiError WEBHOOK_URL_REFUSED with a reason */
export function createWebhook(body: CreateWebhookBody): Promise<CreatedWebhook> {
  return requestJson('/api/webhooks', { method: 'POST', body });
}

/** Changes what is named. @throws ApiError WEBHOOK_NOT_FOUND, WEBHOOK_URL_REFUSED */
export function updateWebhook(webhookId: number, body: UpdateWebhookBody): Promise<WebhookReply> {
  return requestJson(`/api/webhooks/${webhookId}`, { method: 'PATCH', body });
}

/** @throws ApiError WEBHOOK_NOT_FOUND */
export async function deleteWebhook(webhookId: number): Promise<void> {
  await request(`/api/webhooks/${webhookId}`, { method: 'DELETE' });
}

/** A new secret in place of the old one; told this once. @throws ApiError WEBHOOK_NOT_FOUND */
export function renewSecret(webhookId: number): Promise<CreatedWebhook> {
  return requestJson(`/api/webhooks/${webhookId}/secret`, { method: 'POST' });
}

/** Sends a message that only says that it is a test. @throws ApiError WEBHOOK_NOT_FOUND */
export function testWebhook(webhookId: number): Promise<TestSent> {
  return requestJson(`/api/webhooks/${webhookId}/test`, { method: 'POST' });
}

/** Sends a test mail to the one who asks. @throws ApiError MAIL_NOT_CONFIGURED */
export function testMail(): Promise<TestSent> {
  return requestJson('/api/channels/email/test', { method: 'POST' });
}

/** What became of one message, with every attempt. @throws ApiError DELIVERY_NOT_FOUND */
export function fetchDelivery(deliveryId: string, signal: AbortSignal): Promise<DeliveryDetail> {
  return requestJson(`/api/deliveries/${encodeURIComponent(deliveryId)}`, { signal });
}
