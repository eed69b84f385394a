import { trustedId, type AlertId, type RuleId, type TenantId, type UserId } from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import { actOnAlert, type AlertAction } from './alert/act-on-alert.ts';
import { alertsSince } from './alert/alerts-since.ts';
import { getAlert } from './alert/get-alert.ts';
import { listAlertEntries } from './alert/list-alert-entries.ts';
import { listAlerts } from './alert/list-alerts.ts';
import { tenantAlertRevisions } from './alert/tenant-alert-revisions.ts';
import { createTestDelivery } from './delivery/create-test-delivery.ts';
import { getDelivery } from './delivery/get-delivery.ts';
import { listDeliveries } from './delivery/list-deliveries.ts';
import { retryDelivery } from './delivery/retry-delivery.ts';
import { createRule } from './rule/create-rule.ts';
import { deleteRule } from './rule/delete-rule.ts';
import { getRule } from './rule/get-rule.ts';
import { listRules } from './rule/list-rules.ts';
import type { RuleFields } from './rule/rule.ts';
import { updateRule } from './rule/update-rule.ts';
import { makeTenant, makeTracker, must, openTestStore } from './testing.ts';
import { createUser } from './user/create-user.ts';
import { createWebhook } from './webhook/create-webhook.ts';
import { deleteWebhook } from './webhook/delete-webhook.ts';
import { getWebhook } from './webhook/get-webhook.ts';
import { listWebhooks } from './webhook/list-webhooks.ts';
import { renewWebhookSecret } from './webhook/renew-webhook-secret.ts';
import { updateWebhook } from './webhook/update-webhook.ts';

const NOW = Date.UTC(2026, 5, 1, 12);

let postgres: TestPostgres;
let store: Store;
let made = 0;
let trackersMade = 0;
let tenantId: TenantId;
let userId: UserId;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
});
beforeEach(async () => {
  made += 1;
  tenantId = await makeTenant(store, `tenant-${made}`);
  const person = { email: 'olga@x.example', name: 'Olga', password: 'x' } as const;
  userId = await store.asTenant(tenantId, async (t) =>
    must(await createUser(t, { ...person, role: 'operator', seesAll: true })),
  );
});

const rulesRevision = async (): Promise<number | undefined> =>
  (await store.asSystem(tenantAlertRevisions)).get(tenantId)?.rulesRevision;

describe('rules', () => {
  const fields: RuleFields = {
    name: 'Depot',
    enabled: true,
    severity: 'medium',
    trigger: { kind: 'fence', fenceIds: [trustedId(7)], on: ['enter', 'exit'] },
    groupIds: [trustedId(3)],
    recipientIds: [trustedId(1), trustedId(2)],
    webhookIds: [],
    coolDownS: 60,
    escalation: { afterS: 120, toIds: [trustedId(2)] },
  };

  test('come back as they were made, by name', async () => {
    await store.asTenant(tenantId, async (t) => {
      const silent = {
        ...fields,
        name: 'A silent one',
        trigger: { kind: 'silent', afterS: 600 } as const,
        groupIds: null,
        escalation: null,
      };
      const first = await createRule(t, fields);
      const second = await createRule(t, silent);
      expect(first).toEqual({ tenantId, ruleId: first.ruleId, ...fields, version: 1 });
      expect(await getRule(t, first.ruleId)).toEqual(first);
      expect(await listRules(t)).toEqual([second, first]);
      expect(second).toMatchObject(silent);
    });
  });

  test('change in what is named; with a version only when nobody was faster', async () => {
    await store.asTenant(tenantId, async (t) => {
      const { ruleId } = await createRule(t, fields);
      const changed = must(await updateRule(t, ruleId, { enabled: false, escalation: null }));
      expect(changed).toEqual({
        tenantId,
        ruleId,
        ...fields,
        enabled: false,
        escalation: null,
        version: 2,
      });
      expect(await updateRule(t, ruleId, { name: 'x', ifVersion: 1 })).toEqual({
        ok: false,
        error: { code: 'RULE_CHANGED', version: 2 },
      });
      expect(must(await updateRule(t, ruleId, { name: 'x', ifVersion: 2 })).name).toBe('x');
    });
  });

  test('that are deleted or another tenant’s are not there', async () => {
    const { ruleId } = await store.asTenant(tenantId, (t) => createRule(t, fields));
    const other = await makeTenant(store, `other-${made}`);
    const missing = { ok: false, error: { code: 'RULE_NOT_FOUND', ruleId } };
    await store.asTenant(other, async (t) => {
      expect(await getRule(t, ruleId)).toBeNull();
      expect(await updateRule(t, ruleId, { name: 'mine' })).toEqual(missing);
      expect(await deleteRule(t, ruleId)).toEqual(missing);
    });
    await store.asTenant(tenantId, async (t) => {
      expect(await deleteRule(t, ruleId)).toEqual({ ok: true, value: undefined });
      expect(await deleteRule(t, ruleId)).toEqual(missing);
      expect(await listRules(t)).toEqual([]);
    });
  });

  test('give the tenant another rules revision with every change', async () => {
    const before = (await rulesRevision()) ?? 0;
    const { ruleId } = await store.asTenant(tenantId, (t) => createRule(t, fields));
    await store.asTenant(tenantId, (t) => updateRule(t, ruleId, { name: 'y' }));
    await store.asTenant(tenantId, (t) => deleteRule(t, ruleId));
    expect(await rulesRevision()).toBe(before + 3);
  });
});

describe('webhooks', () => {
  const hook = { name: 'Desk', url: 'https://hooks.example/in' };

  test('tell their secret when it is made and when it is renewed, never in between', async () => {
    await store.asTenant(tenantId, async (t) => {
      const { webhook, secret } = await createWebhook(t, hook);
      expect(webhook).toEqual({ tenantId, webhookId: webhook.webhookId, ...hook, enabled: true });
      expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
      expect(await listWebhooks(t)).toEqual([webhook]);
      expect(await getWebhook(t, webhook.webhookId)).toEqual(webhook);
      const renewed = must(await renewWebhookSecret(t, webhook.webhookId));
      expect(renewed.webhook).toEqual(webhook);
      expect(renewed.secret).not.toBe(secret);
    });
  });

  test('change in what is named, and are gone when deleted', async () => {
    await store.asTenant(tenantId, async (t) => {
      const { webhook } = await createWebhook(t, hook);
      const { webhookId } = webhook;
      const changed = must(await updateWebhook(t, webhookId, { enabled: false }));
      expect(changed).toEqual({ ...webhook, enabled: false });
      must(await deleteWebhook(t, webhookId));
      const missing = { ok: false, error: { code: 'WEBHOOK_NOT_FOUND', webhookId } };
      expect(await getWebhook(t, webhookId)).toBeNull();
      expect(await updateWebhook(t, webhookId, { name: 'x' })).toEqual(missing);
      expect(await renewWebhookSecret(t, webhookId)).toEqual(missing);
      expect(await deleteWebhook(t, webhookId)).toEqual(missing);
    });
  });
});

describe('alerts', () => {
  /** An open card about a fresh tracker. */
  async function makeAlert(key = 'k', ruleId: RuleId | null = null): Promise<AlertId> {
    const trackerId = await makeTracker(
      store,
      tenantId,
      `${tenantId}-${key}-${(trackersMade += 1)}`,
    );
    const at = new Date(NOW);
    const { rows } = await store.asTenant(tenantId, ({ db }) =>
      sql<{ id: AlertId }>`
        insert into followme.alert (tenant_id, revision, key, severity, kind, alarm, tracker_id, rule_id,
          first_time, last_time, raised_at, last_raised_at, escalates_at)
        values (${tenantId}, 0, ${key}, 'critical', 'alarm', 'sos', ${trackerId}, ${ruleId},
          ${at}, ${at}, ${at}, ${at}, ${at}) returning id`.execute(db),
    );
    return rows[0]?.id ?? trustedId(0);
  }

  const act = (alertId: AlertId, action: AlertAction) =>
    store.asTenant(tenantId, (t) => actOnAlert(t, { alertId, userId, nowMs: NOW, action }));

  test('NT9 an alert is acknowledged once; the second who tries is told', async () => {
    const alertId = await makeAlert();
    const olga = { timeMs: NOW, by: { id: userId, name: 'Olga' } };
    const answered = must(await act(alertId, { kind: 'acknowledge', comment: 'On it' }));
    expect(answered).toMatchObject({ state: 'acknowledged', acknowledged: olga, escalates: null });
    expect(await act(alertId, { kind: 'acknowledge' })).toEqual({
      ok: false,
      error: { code: 'ALERT_STATE', state: 'acknowledged' },
    });
    const entries = await store.asTenant(tenantId, (t) => listAlertEntries(t, alertId));
    expect(entries).toEqual([
      { timeMs: NOW, by: olga.by, kind: 'acknowledged', comment: 'On it', about: null },
    ]);
  });

  test.each<{ from: readonly AlertAction[]; action: AlertAction; to: string }>([
    { from: [], action: { kind: 'acknowledge' }, to: 'acknowledged' },
    { from: [], action: { kind: 'close' }, to: 'closed' },
    { from: [], action: { kind: 'reopen' }, to: 'ALERT_STATE' },
    { from: [], action: { kind: 'comment', comment: 'x' }, to: 'open' },
    { from: [], action: { kind: 'assign', toUserId: null }, to: 'open' },
    { from: [{ kind: 'acknowledge' }], action: { kind: 'acknowledge' }, to: 'ALERT_STATE' },
    { from: [{ kind: 'acknowledge' }], action: { kind: 'close' }, to: 'closed' },
    { from: [{ kind: 'acknowledge' }], action: { kind: 'reopen' }, to: 'open' },
    {
      from: [{ kind: 'acknowledge' }],
      action: { kind: 'comment', comment: 'x' },
      to: 'acknowledged',
    },
    {
      from: [{ kind: 'acknowledge' }],
      action: { kind: 'assign', toUserId: null },
      to: 'acknowledged',
    },
    { from: [{ kind: 'close' }], action: { kind: 'acknowledge' }, to: 'ALERT_STATE' },
    { from: [{ kind: 'close' }], action: { kind: 'close' }, to: 'ALERT_STATE' },
    { from: [{ kind: 'close' }], action: { kind: 'reopen' }, to: 'open' },
    {
      from: [{ kind: 'acknowledge' }, { kind: 'close' }],
      action: { kind: 'reopen' },
      to: 'acknowledged',
    },
    { from: [{ kind: 'close' }], action: { kind: 'comment', comment: 'x' }, to: 'closed' },
    { from: [{ kind: 'close' }], action: { kind: 'assign', toUserId: null }, to: 'ALERT_STATE' },
  ])('NT9 after $from, $action ends in $to', async ({ from, action, to }) => {
    const alertId = await makeAlert();
    for (const step of from) must(await act(alertId, step));
    const outcome = await act(alertId, action);
    expect(outcome.ok ? outcome.value.state : outcome.error.code).toBe(to);
  });

  test('NT9 a closed card that is opened again keeps who answered it; opened once more, nobody has', async () => {
    const alertId = await makeAlert();
    const { acknowledged } = must(await act(alertId, { kind: 'acknowledge' }));
    expect(acknowledged).toEqual({ timeMs: NOW, by: { id: userId, name: 'Olga' } });
    must(await act(alertId, { kind: 'close' }));
    const back = must(await act(alertId, { kind: 'reopen' }));
    expect(back).toMatchObject({ state: 'acknowledged', acknowledged, closed: null });
    const open = must(await act(alertId, { kind: 'reopen' }));
    expect(open).toMatchObject({ state: 'open', acknowledged: null, closed: null });
  });

  test('NT9 a closed card is not opened again when a newer one of its key is there, closed or not', async () => {
    const first = await makeAlert();
    must(await act(first, { kind: 'close' }));
    const second = await makeAlert();
    const conflict = { ok: false, error: { code: 'ALERT_STATE', state: 'closed' } };
    expect(await act(first, { kind: 'reopen' })).toEqual(conflict);
    must(await act(second, { kind: 'close' }));
    expect(await act(first, { kind: 'reopen' })).toEqual(conflict);
    const reopened = must(await act(second, { kind: 'reopen' }));
    expect(reopened).toMatchObject({ state: 'open', acknowledged: null, closed: null });
  });

  test('are assigned to people who may log in, and to nobody', async () => {
    const alertId = await makeAlert();
    const assigned = must(await act(alertId, { kind: 'assign', toUserId: userId }));
    expect(assigned.assigned).toEqual({ id: userId, name: 'Olga' });
    expect(must(await act(alertId, { kind: 'assign', toUserId: null })).assigned).toBeNull();
    const stranger = trustedId<UserId>(999_999);
    expect(await act(alertId, { kind: 'assign', toUserId: stranger })).toEqual({
      ok: false,
      error: { code: 'USER_NOT_FOUND', userId: stranger },
    });
    const entries = await store.asTenant(tenantId, (t) => listAlertEntries(t, alertId));
    expect(entries.map(({ kind, about }) => [kind, about?.name])).toEqual([
      ['assigned', 'Olga'],
      ['unassigned', undefined],
    ]);
  });

  test('of trackers somebody may not see do not exist for them', async () => {
    const alertId = await makeAlert();
    const visible = new Set<never>();
    const missing = { ok: false, error: { code: 'ALERT_NOT_FOUND', alertId } };
    await store.asTenant(tenantId, async (t) => {
      const doing = { alertId, userId, nowMs: NOW, action: { kind: 'close' } as const };
      expect(await actOnAlert(t, { ...doing, visible })).toEqual(missing);
      expect(await getAlert(t, alertId, visible)).toBeNull();
      expect(must(await listAlerts(t, { visible, limit: 10 })).items).toEqual([]);
      expect((await getAlert(t, alertId))?.state).toBe('open');
    });
  });

  test('name whom they will call', async () => {
    const { ruleId } = await store.asTenant(tenantId, (t) =>
      createRule(t, {
        name: 'SOS',
        enabled: true,
        severity: 'critical',
        trigger: { kind: 'alarm', alarms: ['sos'] },
        groupIds: null,
        recipientIds: [],
        webhookIds: [],
        coolDownS: 0,
        escalation: { afterS: 60, toIds: [userId] },
      }),
    );
    const alertId = await makeAlert('k', ruleId);
    const alert = await store.asTenant(tenantId, (t) => getAlert(t, alertId));
    expect(alert?.escalates).toEqual({ timeMs: NOW, to: ['Olga'] });
  });

  test('come newest first, page by page, and by whether they need attention', async () => {
    const ids: AlertId[] = [];
    for (const key of ['a', 'b', 'c', 'd']) ids.push(await makeAlert(key));
    must(await act(ids[1] ?? trustedId(0), { kind: 'close' }));
    await store.asTenant(tenantId, async (t) => {
      const first = must(await listAlerts(t, { limit: 3 }));
      expect(first.items.map((a) => a.alertId)).toEqual([ids[3], ids[2], ids[1]]);
      const cursor = first.nextCursor ?? '';
      const second = must(await listAlerts(t, { limit: 3, cursor }));
      expect(second.items.map((a) => a.alertId)).toEqual([ids[0]]);
      expect(second.nextCursor).toBeNull();
      const unclosed = must(await listAlerts(t, { limit: 9, state: 'unclosed' }));
      expect(unclosed.items.map((a) => a.alertId)).toEqual([ids[3], ids[2], ids[0]]);
      const closed = must(await listAlerts(t, { limit: 9, state: 'closed' }));
      expect(closed.items.map((a) => a.alertId)).toEqual([ids[1]]);
      expect(await listAlerts(t, { limit: 3, cursor: 'nonsense' })).toMatchObject({ ok: false });
    });
  });

  test('NT10 every change carries a revision higher than all before', async () => {
    const [a, b] = [await makeAlert('a'), await makeAlert('b')];
    const first = must(await act(b, { kind: 'comment', comment: '1' }));
    const second = must(await act(a, { kind: 'comment', comment: '2' }));
    expect(second.revision).toBeGreaterThan(first.revision);
    await store.asTenant(tenantId, async (t) => {
      const changed = await alertsSince(t, { revision: 0, limit: 10 });
      expect(changed.map((alert) => alert.alertId)).toEqual([b, a]);
      const newer = await alertsSince(t, { revision: first.revision, limit: 10 });
      expect(newer).toEqual([second]);
    });
    const known = (await store.asSystem(tenantAlertRevisions)).get(tenantId)?.alertsRevision;
    expect(known).toBe(second.revision);
  });
});

describe('deliveries', () => {
  async function makeDelivery(nowMs = NOW): Promise<string> {
    const to = { channel: 'email', userId } as const;
    return must(await store.asTenant(tenantId, (t) => createTestDelivery(t, { to, nowMs })));
  }

  async function give(deliveryId: string, state: 'dead' | 'delivered'): Promise<void> {
    await store.asTenant(tenantId, ({ db }) =>
      sql`update followme.delivery set state = ${state}, settled_at = ${new Date(NOW)}, attempts = 10
           where id = ${deliveryId}::uuid`.execute(db),
    );
  }

  test('a test message waits for its receiver, due at once', async () => {
    const deliveryId = await makeDelivery();
    const found = await store.asTenant(tenantId, (t) => getDelivery(t, deliveryId));
    expect(found).toEqual({
      delivery: {
        deliveryId,
        alertId: null,
        ruleId: null,
        purpose: 'test',
        channel: 'email',
        receiver: 'Olga',
        address: 'olga@x.example',
        subject: 'Test',
        state: 'waiting',
        attempts: 0,
        createdTimeMs: NOW,
        nextAttemptTimeMs: NOW,
        settledTimeMs: null,
        detail: null,
      },
      attempts: [],
    });
  });

  test('a test message for a webhook or person that is not there is refused', async () => {
    await store.asTenant(tenantId, async (t) => {
      const webhookId = trustedId<never>(999_999);
      expect(
        await createTestDelivery(t, { to: { channel: 'webhook', webhookId }, nowMs: NOW }),
      ).toEqual({ ok: false, error: { code: 'WEBHOOK_NOT_FOUND', webhookId } });
      expect(
        await createTestDelivery(t, { to: { channel: 'email', userId: webhookId }, nowMs: NOW }),
      ).toEqual({ ok: false, error: { code: 'USER_NOT_FOUND', userId: webhookId } });
    });
  });

  test('NT20 only a message that was given up is sent again, under its id', async () => {
    const deliveryId = await makeDelivery();
    const later = NOW + 60_000;
    await store.asTenant(tenantId, async (t) => {
      expect(await retryDelivery(t, deliveryId, later)).toEqual({
        ok: false,
        error: { code: 'DELIVERY_STATE', state: 'waiting' },
      });
    });
    await give(deliveryId, 'dead');
    await store.asTenant(tenantId, async (t) => {
      const again = must(await retryDelivery(t, deliveryId, later));
      expect(again).toMatchObject({ deliveryId, state: 'waiting', nextAttemptTimeMs: later });
      expect(again.settledTimeMs).toBeNull();
      const unknown = '00000000-0000-4000-8000-000000000000';
      expect(await retryDelivery(t, unknown, later)).toEqual({
        ok: false,
        error: { code: 'DELIVERY_NOT_FOUND', deliveryId: unknown },
      });
    });
  });

  test('come newest first, page by page, and by their state', async () => {
    const ids = [await makeDelivery(NOW), await makeDelivery(NOW), await makeDelivery(NOW + 1)];
    await give(ids[2] ?? '', 'delivered');
    await store.asTenant(tenantId, async (t) => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const query = { limit: 1, ...(cursor === null ? {} : { cursor }) };
        const page: { items: readonly { deliveryId: string }[]; nextCursor: string | null } = must(
          await listDeliveries(t, query),
        );
        seen.push(...page.items.map((d) => d.deliveryId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen[0]).toBe(ids[2]);
      expect([...seen].sort()).toEqual([...ids].sort());
      const done = must(await listDeliveries(t, { limit: 9, state: 'delivered' }));
      expect(done.items.map((d) => d.deliveryId)).toEqual([ids[2]]);
    });
  });
});
