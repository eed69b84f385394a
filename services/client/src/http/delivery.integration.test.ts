/** What was sent, webhooks and channels over real HTTP on a real store. */
import { randomUUID } from 'node:crypto';
import type { AlertId } from '@followme/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientService, type ClientService } from '../service.ts';
import { createCall, type Call, type Method } from '../testing/calls.ts';
import { createClientWorld, type ClientWorld, type TestTenant } from '../testing/client-world.ts';

const NOW = '2026-06-01T12:00:00.000Z';

let world: ClientWorld;
let service: ClientService;
let call: Call;

beforeAll(async () => {
  world = await createClientWorld();
  service = createClientService(world.deps);
  call = createCall((await service.start()).url);
});
afterAll(async () => {
  await service.stop();
  await world.stop();
});

const asAdmin = (method: Method, path: string, body?: object) =>
  call(world.alpha.admin.key, method, path, body);
const asOperator = (method: Method, path: string, body?: object) =>
  call(world.alpha.operator.key, method, path, body);
const idsOf = (body: { readonly items: readonly { readonly id: string }[] }) =>
  body.items.map(({ id }) => id);

/** A mail about an alert that was given up after one attempt, as the notification service leaves it. */
async function addDead(tenant: TestTenant, alertId: AlertId): Promise<string> {
  const id = randomUUID();
  await world.query(
    `insert into followme.delivery (id, tenant_id, dedupe_key, alert_id, purpose, channel, user_id, address,
       content, state, attempts, not_before, created_at, settled_at, last_detail)
     values ($1::uuid, $2, $1::text, $3, 'alert', 'email', $4, 'member@x.test', '{"subject":"SOS of Seen"}', 'dead', 1,
       $5, $5, $5, '550 no such mailbox')`,
    [id, tenant.tenantId, alertId, tenant.member.userId, NOW],
  );
  await world.query(
    `insert into followme.delivery_attempt (tenant_id, delivery_id, at, took_ms, outcome, detail)
     values ($1, $2, $3, 12, 'refused', '550 no such mailbox')`,
    [tenant.tenantId, id, NOW],
  );
  return id;
}

describe('deliveries', () => {
  test('are told to operators for alerts they see, to administrators all, with every attempt', async () => {
    const { alpha, beta } = world;
    const alertId = await world.raise(alpha, alpha.seenId);
    const seen = await addDead(alpha, alertId);
    const hidden = await addDead(alpha, await world.raise(alpha, alpha.hiddenId));
    const theirs = await addDead(beta, await world.raise(beta, beta.seenId));

    const delivery = {
      id: seen,
      alertId,
      ruleId: null,
      purpose: 'alert',
      channel: 'email',
      receiver: alpha.member.email,
      address: 'member@x.test',
      subject: 'SOS of Seen',
      state: 'dead',
      attempts: 1,
      createdTime: NOW,
      nextAttemptTime: null,
      settledTime: NOW,
      detail: '550 no such mailbox',
    };
    expect((await asOperator('GET', '/api/deliveries')).body).toEqual({
      items: [delivery],
      nextCursor: null,
    });
    const attempt = { time: NOW, tookMs: 12, outcome: 'refused', detail: '550 no such mailbox' };
    expect((await asOperator('GET', `/api/deliveries/${seen}`)).body).toEqual({
      delivery,
      attempts: [attempt],
    });
    expect((await asOperator('GET', `/api/alerts/${alertId}`)).body.deliveries).toEqual([delivery]);

    expect(idsOf((await asAdmin('GET', '/api/deliveries?state=dead')).body).toSorted()).toEqual(
      [seen, hidden].toSorted(),
    );
    expect((await asAdmin('GET', '/api/deliveries?state=waiting')).body.items).toEqual([]);
    const ofAlert = `/api/deliveries?alertId=${alertId}`;
    expect(idsOf((await asAdmin('GET', ofAlert)).body)).toEqual([seen]);
    expect((await asAdmin('GET', `${ofAlert}&state=delivered`)).body.items).toEqual([]);
    for (const [ask, id] of [
      [asOperator, hidden],
      [asOperator, theirs],
      [asAdmin, theirs],
      [asAdmin, randomUUID()],
    ] as const) {
      const { status, body } = await ask('GET', `/api/deliveries/${id}`);
      expect([status, body.code]).toEqual([404, 'DELIVERY_NOT_FOUND']);
    }
    expect((await call(alpha.member.key, 'GET', '/api/deliveries')).status).toBe(403);
    const malformed = await asAdmin('GET', '/api/deliveries/7');
    expect(malformed.body.code).toBe('VALIDATION_FAILED');
  });

  test('that were given up are sent again by administrators, once', async () => {
    const { alpha, beta } = world;
    const id = await addDead(alpha, await world.raise(alpha, alpha.seenId));
    expect((await asOperator('POST', `/api/deliveries/${id}/retry`)).status).toBe(403);
    const replies = await Promise.all(
      [1, 2].map(() => asAdmin('POST', `/api/deliveries/${id}/retry`)),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 200)?.body).toMatchObject({
      id,
      state: 'waiting',
      nextAttemptTime: expect.any(String),
      settledTime: null,
    });
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('DELIVERY_STATE');
    const theirs = await addDead(beta, await world.raise(beta, beta.seenId));
    const stranger = await asAdmin('POST', `/api/deliveries/${theirs}/retry`);
    expect(stranger.body.code).toBe('DELIVERY_NOT_FOUND');
  });
});

describe('webhooks', () => {
  const HOOK = { name: 'Desk', url: 'https://hooks.example/in' };

  test('are made, changed, given another secret and taken away; the secret is told when made', async () => {
    const made = await asAdmin('POST', '/api/webhooks', HOOK);
    expect(made.status).toBe(201);
    const { webhook, secret } = made.body;
    expect(webhook).toEqual({ id: webhook.id, ...HOOK, enabled: true });
    expect(secret).toMatch(/^whsec_/);
    const path = `/api/webhooks/${webhook.id}`;
    expect((await asAdmin('GET', path)).body).toEqual(webhook);
    expect(JSON.stringify((await asAdmin('GET', '/api/webhooks')).body)).not.toContain('whsec_');
    const changed = await asAdmin('PATCH', path, { enabled: false, name: '🔔' });
    expect(changed.body).toEqual({ ...webhook, enabled: false, name: '🔔' });
    const renewed = await asAdmin('POST', `${path}/secret`);
    expect(renewed.body.webhook).toEqual(changed.body);
    expect(renewed.body.secret).not.toBe(secret);
    expect((await asAdmin('DELETE', path)).status).toBe(204);
    expect((await asAdmin('GET', path)).body.code).toBe('WEBHOOK_NOT_FOUND');
  });

  test.each([
    ['http://127.0.0.1/hook', 'privateAddress'],
    ['http://[::1]:8080/', 'privateAddress'],
    ['http://169.254.169.254/latest/meta-data', 'privateAddress'],
    ['http://2130706433/', 'privateAddress'],
    ['http://localhost/', 'privateAddress'],
    ['https://user:pass@hooks.example/', 'credentials'],
    ['https://', 'malformed'],
    ['http://a b/', 'malformed'],
  ])('%s is refused as %s, when made and when changed', async (url, reason) => {
    const refusal = { code: 'WEBHOOK_URL_REFUSED', reason, path: '/body/url' };
    const made = await asAdmin('POST', '/api/webhooks', { ...HOOK, url });
    expect(made).toMatchObject({ status: 422, body: refusal });
    const { webhook } = (await asAdmin('POST', '/api/webhooks', HOOK)).body;
    const path = `/api/webhooks/${webhook.id}`;
    expect((await asAdmin('PATCH', path, { url })).body).toMatchObject(refusal);
    expect((await asAdmin('GET', path)).body).toEqual(webhook);
  });

  test('an address is kept in one spelling, whatever is in it', async () => {
    const url = 'https://Hooks.Example/a\u0000b?q=é';
    const { webhook } = (await asAdmin('POST', '/api/webhooks', { ...HOOK, url })).body;
    expect(webhook.url).toBe('https://hooks.example/a%00b?q=%C3%A9');
  });

  test.each([
    ['ftp://hooks.example/', '/body/url'],
    [`https://hooks.example/${'x'.repeat(2_000)}`, '/body/url'],
  ])('%.40s does not fit its schema', async (url, path) => {
    const reply = await asAdmin('POST', '/api/webhooks', { ...HOOK, url });
    expect(reply.body).toMatchObject({ code: 'VALIDATION_FAILED', path });
  });

  test('of another tenant do not exist, and only administrators know of any', async () => {
    const theirs = (await call(world.beta.admin.key, 'POST', '/api/webhooks', HOOK)).body.webhook;
    const path = `/api/webhooks/${theirs.id}`;
    for (const [method, at, body] of [
      ['GET', path],
      ['PATCH', path, { name: 'Mine' }],
      ['DELETE', path],
      ['POST', `${path}/secret`],
      ['POST', `${path}/test`],
    ] as const) {
      expect((await asAdmin(method, at, body)).body.code).toBe('WEBHOOK_NOT_FOUND');
    }
    expect((await call(world.beta.admin.key, 'GET', path)).body).toEqual(theirs);
    expect((await asOperator('GET', '/api/webhooks')).status).toBe(403);
  });
});

describe('channels', () => {
  test('a test message is a delivery of its own, to oneself or to the webhook', async () => {
    const mail = await asAdmin('POST', '/api/channels/email/test');
    expect(mail.status).toBe(200);
    const { webhook } = (
      await asAdmin('POST', '/api/webhooks', { name: 'Desk', url: 'https://hooks.example/' })
    ).body;
    const hook = await asAdmin('POST', `/api/webhooks/${webhook.id}/test`);
    const deliveryOf = async ({ body }: typeof mail) =>
      (await asAdmin('GET', `/api/deliveries/${body.deliveryId}`)).body.delivery;
    expect(await deliveryOf(mail)).toMatchObject({
      purpose: 'test',
      channel: 'email',
      address: world.alpha.admin.email,
      state: 'waiting',
      attempts: 0,
    });
    expect(await deliveryOf(hook)).toMatchObject({
      purpose: 'test',
      channel: 'webhook',
      receiver: 'Desk',
      address: 'https://hooks.example/',
    });
    // about no alert, so operators who do not see everything know nothing of it
    expect((await asOperator('GET', `/api/deliveries/${mail.body.deliveryId}`)).status).toBe(404);
  });

  test('tell what the installation can send; without a mail server no test mail is made', async () => {
    const configured = await call(world.alpha.member.key, 'GET', '/api/channels');
    expect(configured.body).toEqual({ email: { configured: true, from: 'alerts@alpha.test' } });
    const { config } = world.deps;
    const mute = createClientService({
      ...world.deps,
      config: { ...config, channels: { ...config.channels, mailFrom: null } },
    });
    const callMute = createCall((await mute.start()).url);
    const channels = await callMute(world.alpha.admin.key, 'GET', '/api/channels');
    expect(channels.body).toEqual({ email: { configured: false, from: null } });
    const refused = await callMute(world.alpha.admin.key, 'POST', '/api/channels/email/test');
    expect([refused.status, refused.body.code]).toEqual([409, 'MAIL_NOT_CONFIGURED']);
    await mute.stop();
  });
});
