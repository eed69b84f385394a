/** Messages that were sent, over HTTP. */
import type { DeliveryDetail, DeliveryPage, DeliveryReply } from '@followme/contracts';
import { request, requestJson } from './client.ts';

const PER_PAGE = 50;

/** What became of a message. */
export type DeliveryState = DeliveryReply['state'];

/** One page, newest first; `state` null is any, `cursor` null the first page. @throws ApiError */
export function fetchDeliveries(
  asked: { readonly state: DeliveryState | null; readonly cursor: string | null },
  signal: AbortSignal,
): Promise<DeliveryPage> {
  const query = new URLSearchParams({ limit: String(PER_PAGE) });
  if (asked.state !== null) query.set('state', asked.state);
  if (asked.cursor !== null) query.set('cursor', asked.cursor);
  return requestJson(`/api/deliveries?${query}`, { signal });
}

/** One message with every attempt. @throws ApiError DELIVERY_NOT_FOUND */
export function fetchDelivery(deliveryId: string, signal: AbortSignal): Promise<DeliveryDetail> {
  return requestJson(`/api/deliveries/${deliveryId}`, { signal });
}

/** Tries a message again that was given up. @throws ApiError DELIVERY_STATE, DELIVERY_NOT_FOUND */
export async function sendDeliveryAgain(deliveryId: string): Promise<void> {
  await request(`/api/deliveries/${deliveryId}/retry`, { method: 'POST' });
}
