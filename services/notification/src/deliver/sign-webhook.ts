import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks 1.0 (https://www.standardwebhooks.com): the receiver recomputes HMAC-SHA256
 * over id, time and body with the secret both know.
 */
export function webhookHeaders(call: {
  readonly deliveryId: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly body: string;
  readonly nowMs: number;
}): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(call.nowMs / 1_000));
  const key = Buffer.from(call.secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${call.deliveryId}.${timestamp}.${call.body}`)
    .digest('base64');
  return {
    'webhook-id': call.deliveryId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
