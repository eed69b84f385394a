import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { webhookHeaders } from './sign-webhook.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

test('NT23 a receiver with the library of Standard Webhooks takes the signature, and no other', () => {
  const body = '{"subject":"Zoë ✓"}';
  const signed = { deliveryId: 'a-b', secret: SECRET, body, nowMs: Date.now() };
  const headers = { ...webhookHeaders(signed) };
  expect(new Webhook(SECRET).verify(body, headers)).toEqual({ subject: 'Zoë ✓' });
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  expect(() => new Webhook(other).verify(body, headers)).toThrow();
  expect(() => new Webhook(SECRET).verify(`${body} `, headers)).toThrow();
  expect(() => new Webhook(SECRET).verify(body, { ...headers, 'webhook-id': 'a-c' })).toThrow();
});
