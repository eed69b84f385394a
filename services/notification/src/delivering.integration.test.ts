/** From the outbox to real receivers, on a real database. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trustedId, type WebhookId } from '@followme/model';
import { createMetrics } from '@followme/platform';
import {
  actOnAlert,
  createTestDelivery,
  createWebhook,
  deleteSettled,
  deleteWebhook,
  getDelivery,
  listAlertEntries,
  retryDelivery,
  StoreError,
  updateWebhook,
  type Delivery,
  type Store,
} from '@followme/store';
import { waitUntil } from '@followme/testkit';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MailServer } from './deliver/send-mail.ts';
import { makeWorld, must, type World } from './testing/world.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

let world: World;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(async () => {
  await world.close();
  for (const close of closing.splice(0)) await close();
});

interface Inbox {
  readonly at: MailServer;
  /** Subjects in order of arrival. */
  readonly subjects: string[];
  /** Most messages under way at the same time. */
  most: number;
  /** Nothing is answered before this. */
  open: Promise<void>;
  /** What the next messages are answered, a number and a word each; then they are taken. */
  readonly refusals: [number, string][];
}

async function startInbox(delayMs = 0): Promise<Inbox> {
  let underWay = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      underWay += 1;
      inbox.most = Math.max(inbox.most, underWay);
      void simpleParser(stream).then(async (mail) => {
        await inbox.open;
        setTimeout(() => {
          underWay -= 1;
          const refusal = inbox.refusals.shift();
          if (refusal === undefined) {
            inbox.subjects.push(mail.subject ?? '');
            done();
          } else {
            done(Object.assign(new Error(refusal[1]), { responseCode: refusal[0] }));
          }
        }, delayMs);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  // a listening TCP server has an address of this form
  const { port } = server.server.address() as AddressInfo;
  const at = { host: '127.0.0.1', port, secure: false, login: null, from: 'alerts@x.example' };
  const inbox: Inbox = { at, subjects: [], most: 0, open: Promise.resolve(), refusals: [] };
  return inbox;
}

interface Receiver {
  readonly url: (path: string) => string;
  /** Paths in order of arrival. */
  readonly paths: string[];
  /** Most calls of one path, and of all, under way at the same time. */
  mostOfOne: number;
  most: number;
}

async function startReceiver(delayMs: number): Promise<Receiver> {
  const underWay = new Map<string, number>();
  const count = (path: string, by: number): void => {
    underWay.set(path, (underWay.get(path) ?? 0) + by);
    const present = [...underWay.values()];
    receiver.mostOfOne = Math.max(receiver.mostOfOne, ...present);
    receiver.most = Math.max(
      receiver.most,
      present.reduce((sum, n) => sum + n, 0),
    );
  };
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    receiver.paths.push(path);
    count(path, 1);
    request.resume();
    setTimeout(() => {
      count(path, -1);
      response.end();
    }, delayMs);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  // a listening TCP server has an address of this form
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    paths: [],
    mostOfOne: 0,
    most: 0,
  };
  return receiver;
}

const makeWebhook = async (url: string): Promise<WebhookId> =>
  world.store.asTenant(world.tenantId, async (t) => {
    const { webhook } = await createWebhook(t, { name: 'Desk', url });
    return webhook.webhookId;
  });

/** Waits until every message is in a state; answers them. */
const untilAll = (count: number, state: Delivery['state']) =>
  waitUntil(
    async () => {
      const all = await world.deliveries();
      return all.length === count && all.every((d) => d.state === state) && all;
    },
    15_000,
    `${count} messages ${state}`,
  );

const attemptsOf = async ({ deliveryId }: { readonly deliveryId: string }) =>
  (await world.store.asTenant(world.tenantId, (t) => getDelivery(t, deliveryId)))?.attempts;

test('NT26 every attempt is written down, and what it said is shown', async () => {
  const inbox = await startInbox();
  inbox.refusals.push([451, 'Later'], [450, 'Busy']);
  await world.makeRule({});
  await world.start({ mailServer: inbox.at });
  await world.appendAlarm('sos', NOON);
  const [delivery] = await untilAll(1, 'delivered');
  expect(delivery).toMatchObject({ attempts: 3, nextAttemptTimeMs: null, receiver: 'Olga' });
  expect(delivery?.settledTimeMs).toBeGreaterThan(NOON);
  const attempts = await attemptsOf(delivery ?? { deliveryId: '' });
  expect(attempts?.map(({ outcome, detail }) => [outcome, detail])).toEqual([
    ['failed', '451 Later'],
    ['failed', '450 Busy'],
    ['delivered', expect.stringContaining('250')],
  ]);
});

test('NT18 NT20 after the last attempt a message is given up; people let it be tried once more', async () => {
  const inbox = await startInbox();
  inbox.refusals.push([451, 'a'], [451, 'b'], [451, 'c'], [451, 'd']);
  await world.makeRule({});
  await world.start({ mailServer: inbox.at });
  await world.appendAlarm('sos', NOON);
  const [dead] = await untilAll(1, 'dead');
  expect(dead).toMatchObject({ attempts: 3, detail: '451 c' });
  const deliveryId = dead?.deliveryId ?? '';
  const again = () =>
    world.store.asTenant(world.tenantId, async (t) =>
      must(await retryDelivery(t, deliveryId, Date.now())),
    );
  await again();
  const [still] = await untilAll(1, 'dead');
  expect(still).toMatchObject({ attempts: 4, detail: '451 d' });
  await again();
  expect(await untilAll(1, 'delivered')).toMatchObject([{ deliveryId, attempts: 5 }]);
});

test('NT19 a message that is refused for good is given up at once', async () => {
  const inbox = await startInbox();
  inbox.refusals.push([554, 'Spam']);
  await world.makeRule({});
  await world.start({ mailServer: inbox.at });
  await world.appendAlarm('sos', NOON);
  expect(await untilAll(1, 'dead')).toMatchObject([{ attempts: 1, detail: '554 Spam' }]);
});

describe('NT19 a message is skipped, and says why,', () => {
  test('without a mail server', async () => {
    await world.makeRule({});
    await world.start({ mailServer: null });
    await world.appendAlarm('sos', NOON);
    const [skipped] = await untilAll(1, 'skipped');
    expect(skipped).toMatchObject({ attempts: 0, detail: 'no mail server' });
    expect(await attemptsOf(skipped ?? { deliveryId: '' })).toMatchObject([{ outcome: 'skipped' }]);
  });

  test('to a person who may not log in any more', async () => {
    const inbox = await startInbox();
    await world.makeRule({});
    await world.query(`update followme.app_user set disabled_at = now()`);
    await world.start({ mailServer: inbox.at });
    await world.appendAlarm('sos', NOON);
    expect(await untilAll(1, 'skipped')).toMatchObject([{ detail: 'receiver disabled' }]);
    expect(inbox.subjects).toEqual([]);
  });

  test('to a webhook that is switched off, or was deleted while the message waited', async () => {
    const receiver = await startReceiver(0);
    const off = await makeWebhook(receiver.url('/off'));
    const gone = await makeWebhook(receiver.url('/gone'));
    await world.store.asTenant(world.tenantId, async (t) => {
      must(await updateWebhook(t, off, { enabled: false }));
      for (const webhookId of [off, gone]) {
        must(await createTestDelivery(t, { to: { channel: 'webhook', webhookId }, nowMs: NOON }));
      }
      must(await deleteWebhook(t, gone));
    });
    await world.start();
    const skipped = await untilAll(2, 'skipped');
    expect(skipped.map(({ detail }) => detail).toSorted()).toEqual([
      'receiver disabled',
      'receiver gone',
    ]);
    expect(receiver.paths).toEqual([]);
  });
});

test('what waits for a webhook goes to the address it has when it is sent', async () => {
  const receiver = await startReceiver(0);
  const webhookId = await makeWebhook(receiver.url('/old'));
  await world.store.asTenant(world.tenantId, async (t) => {
    must(await createTestDelivery(t, { to: { channel: 'webhook', webhookId }, nowMs: NOON }));
    must(await updateWebhook(t, webhookId, { url: receiver.url('/new') }));
  });
  await world.start();
  expect(await untilAll(1, 'delivered')).toMatchObject([{ address: receiver.url('/new') }]);
  expect(receiver.paths).toEqual(['/new']);
});

test('NT17 calls leave one after the other per webhook, those of others side by side', async () => {
  const receiver = await startReceiver(30);
  const webhookIds = [
    await makeWebhook(receiver.url('/a')),
    await makeWebhook(receiver.url('/b')),
    await makeWebhook(receiver.url('/c')),
  ];
  await world.makeRule({ webhookIds, recipientIds: [] });
  await world.start();
  for (let n = 0; n < 5; n += 1) await world.appendAlarm('sos', NOON + n * 1_000);
  await untilAll(15, 'delivered');
  expect(receiver.paths.toSorted()).toEqual(['/a', '/b', '/c'].flatMap((p) => Array(5).fill(p)));
  expect(receiver.mostOfOne).toBe(1);
  expect(receiver.most).toBeGreaterThan(1);
});

test('NT17 mails leave one after the other, what is critical first', async () => {
  const inbox = await startInbox(10);
  await world.makeRule({
    severity: 'medium',
    trigger: { kind: 'fence', fenceIds: null, on: ['enter'] },
  });
  await world.makeRule({ severity: 'critical' });
  // without a mail server nothing leaves; then all of it waits at once
  const raising = await world.start({ mailServer: null });
  for (let n = 0; n < 4; n += 1) await world.appendCrossing({ fixTimeMs: NOON + n * 1_000 });
  await untilAll(4, 'skipped');
  await world.appendAlarm('sos', NOON);
  await untilAll(5, 'skipped');
  await raising.stop();
  await world.query(`update followme.delivery set state = 'waiting', settled_at = null`);
  await world.start({ mailServer: inbox.at });
  await untilAll(5, 'delivered');
  expect(inbox.subjects[0]).toBe('SOS: Guard 1');
  expect(inbox.subjects.slice(1)).toEqual(Array(4).fill('Guard 1 entered Depot'));
  expect(inbox.most).toBe(1);
});

test('what waits is measured also while another process delivers', async () => {
  await world.start({ ownership: { kind: 'leased', leaseMs: 60_000 }, mailServer: null });
  const idle = await world.start({
    ownership: { kind: 'leased', leaseMs: 60_000 },
    settings: { measureEveryMs: 20 },
  });
  const webhookId = await makeWebhook('http://127.0.0.1:1/');
  await world.store.asTenant(world.tenantId, async (t) =>
    must(
      await createTestDelivery(t, {
        to: { channel: 'webhook', webhookId },
        nowMs: Date.now() + 3_600_000,
      }),
    ),
  );
  await waitUntil(async () => (await idle.health()).outbox.waiting === 1, 10_000, 'the measure');
  expect((await idle.health()).outbox).toEqual({ waiting: 1, oldestDueS: 0 });
});

describe('of two processes', () => {
  const LEASED = { kind: 'leased', leaseMs: 1_500 } as const;
  /** A store that can be taken away. */
  function cuttable() {
    const cut = { isOff: false };
    const asSystem: Store['asSystem'] = (work) =>
      cut.isOff ? Promise.reject(new Error('no way to the database')) : world.store.asSystem(work);
    return { cut, store: { ...world.store, asSystem } };
  }
  const start = async (inbox: Inbox, store: Store = world.store) => {
    const metrics = createMetrics();
    const service = await world.start({ ownership: LEASED, mailServer: inbox.at, store, metrics });
    const owned = (consumer: string) => metrics.read('followme_lanes_owned', { consumer });
    return { service, owned };
  };
  const raise = async (from: number, count: number): Promise<void> => {
    for (let n = from; n < from + count; n += 1) {
      await world.appendAlarm('sos', NOON + n * 1_000, await world.makeTracker(`G${n}`));
    }
  };
  type Started = Awaited<ReturnType<typeof start>>;
  const untilOwned = (process: Started, consumer: string, lanes: number) =>
    waitUntil(
      async () => (await process.owned(consumer)) === lanes,
      15_000,
      `${lanes} lanes of ${consumer}`,
    );

  test('NT21 NT17 both read, one delivers; the other goes on when it stops, and nothing leaves twice', async () => {
    const inbox = await startInbox(5);
    await world.makeRule({});
    const one = await start(inbox);
    const two = await start(inbox);
    await untilOwned(one, 'alarms', 2);
    await untilOwned(two, 'alarms', 2);
    expect([await one.owned('deliveries'), await two.owned('deliveries')]).toEqual([1, 0]);
    await raise(0, 6);
    await Promise.all([one.service.stop(), raise(6, 6)]);
    await untilOwned(two, 'deliveries', 1);
    await untilOwned(two, 'alarms', 4);
    await untilAll(12, 'delivered');
    expect(inbox.subjects.toSorted()).toEqual(
      Array.from({ length: 12 }, (_, n) => `SOS: G${n}`).toSorted(),
    );
    expect(inbox.most).toBe(1);
    for (const delivery of await world.deliveries()) expect(delivery.attempts).toBe(1);
  });

  test('NT21 one that cannot reach the store is missed, and sends nothing whose outcome it could not write', async () => {
    const inbox = await startInbox();
    const other = await startInbox();
    await world.makeRule({});
    const { cut, store } = cuttable();
    const one = await start(inbox, store);
    const two = await start(other);
    await untilOwned(one, 'deliveries', 1);
    cut.isOff = true;
    await raise(0, 4);
    await untilAll(4, 'delivered');
    expect([inbox.subjects, other.subjects.length]).toEqual([[], 4]);
    await untilOwned(two, 'deliveries', 1);
    await untilOwned(one, 'deliveries', 0);
    cut.isOff = false;
    await raise(4, 2);
    await untilAll(6, 'delivered');
    expect(inbox.subjects).toEqual([]);
    expect(await world.alerts()).toHaveLength(6);
  });
});

test('NT21 what another process has taken over is not settled by the one before', async () => {
  const inbox = await startInbox(200);
  await world.makeRule({});
  const service = await world.start({ mailServer: inbox.at });
  await world.appendAlarm('sos', NOON);
  await waitUntil(() => inbox.most === 1, 10_000, 'a mail under way');
  await world.query(
    `update followme.lane_progress set epoch = epoch + 1 where consumer = 'deliveries'`,
  );
  // taken back under a new epoch, and sent once more: at least once
  await untilAll(1, 'delivered');
  await service.stop();
  expect(inbox.subjects).toEqual(['SOS: Guard 1', 'SOS: Guard 1']);
});

test('NT21 NT26 an alert that is answered while its mail is under way: the mail counts, and no other goes twice', async () => {
  const inbox = await startInbox();
  let open = (): void => undefined;
  inbox.open = new Promise((resolve) => (open = resolve));
  await world.makeRule({ recipientIds: [], escalation: { afterS: 3_600, toIds: [world.userId] } });
  await world.start({ mailServer: inbox.at });
  const epochs = () =>
    world.query(`select epoch from followme.lane_progress where consumer = 'deliveries'`);
  const before = await epochs();
  for (const name of ['A', 'B', 'C']) {
    await world.appendAlarm('sos', NOON, await world.makeTracker(name));
  }
  await waitUntil(async () => (await world.deliveries()).length === 3, 10_000, 'three messages');
  // all three are due at once, that of the first alert first
  await world.query(
    `update followme.delivery set not_before = now() - interval '1 hour' + alert_id * interval '1 s'`,
  );
  await waitUntil(() => inbox.most === 1, 10_000, 'a mail under way');
  const [first] = await world.alerts();
  const alertId = first?.alertId ?? trustedId(0);
  const doing = { alertId, userId: world.userId, nowMs: Date.now() } as const;
  must(
    await world.store.asTenant(world.tenantId, (t) =>
      actOnAlert(t, { ...doing, action: { kind: 'acknowledge' } }),
    ),
  );
  open();
  const delivered = await untilAll(3, 'delivered');
  expect(inbox.subjects.map((subject) => subject.at(-1)).toSorted()).toEqual(['A', 'B', 'C']);
  for (const delivery of delivered) {
    expect(delivery).toMatchObject({ attempts: 1, detail: expect.stringContaining('250') });
    expect(await attemptsOf(delivery)).toMatchObject([{ outcome: 'delivered' }]);
  }
  expect(await epochs()).toEqual(before);
});

test('NT26 an attempt whose outcome is written twice, since the answer was lost, counts once', async () => {
  const inbox = await startInbox();
  await world.makeRule({});
  let isForgotten = false;
  const store: Store = {
    ...world.store,
    async asSystem(work) {
      const result = await world.store.asSystem(work);
      const isSettled = typeof result === 'object' && result !== null && 'alertChanged' in result;
      if (!isSettled || isForgotten) return result;
      isForgotten = true;
      throw new StoreError('COMMIT_UNKNOWN', 'The connection broke');
    },
  };
  await world.start({ mailServer: inbox.at, store });
  await world.appendAlarm('sos', NOON);
  const [delivery] = await untilAll(1, 'delivered');
  await world.appendAlarm('sos', NOON + 1_000);
  await untilAll(2, 'delivered');
  expect(isForgotten).toBe(true);
  expect(await attemptsOf(delivery ?? { deliveryId: '' })).toHaveLength(1);
  expect(inbox.subjects).toHaveLength(2);
});

describe('NT15 an escalation', () => {
  const rule = () => ({
    recipientIds: [],
    escalation: { afterS: 1, toIds: [world.userId] },
  });
  const entriesOf = async () => {
    const [alert] = await world.alerts();
    const alertId = alert?.alertId ?? trustedId(0);
    return world.store.asTenant(world.tenantId, (t) => listAlertEntries(t, alertId));
  };

  test('calls when nobody has answered by then, and the history says so once', async () => {
    const inbox = await startInbox();
    await world.makeRule(rule());
    await world.start({ mailServer: inbox.at });
    await world.appendAlarm('sos', NOON);
    await waitUntil(async () => (await world.alerts()).length === 1, 5_000, 'the alert');
    expect(await world.alerts()).toMatchObject([{ escalates: { to: ['Olga'] } }]);
    await untilAll(1, 'delivered');
    expect(inbox.subjects).toEqual(['Not answered yet: SOS: Guard 1']);
    expect(await world.alerts()).toMatchObject([{ escalates: null, state: 'open' }]);
    expect((await entriesOf()).map(({ kind, by }) => [kind, by])).toEqual([
      ['raised', null],
      ['escalated', null],
    ]);
  });

  test('is skipped when somebody has, also if the card was opened again since', async () => {
    const inbox = await startInbox();
    await world.makeRule(rule());
    await world.start({ mailServer: inbox.at });
    await world.appendAlarm('sos', NOON);
    const [alert] = await waitUntil(
      async () => {
        const alerts = await world.alerts();
        return alerts.length === 1 && alerts;
      },
      5_000,
      'the alert',
    );
    const { userId } = world;
    const alertId = alert?.alertId ?? trustedId(0);
    for (const kind of ['acknowledge', 'reopen'] as const) {
      const doing = { alertId, userId, nowMs: Date.now(), action: { kind } };
      must(await world.store.asTenant(world.tenantId, (t) => actOnAlert(t, doing)));
    }
    expect(await untilAll(1, 'skipped')).toMatchObject([{ detail: 'answered' }]);
    expect(inbox.subjects).toEqual([]);
    expect((await entriesOf()).map(({ kind }) => kind)).toEqual([
      'raised',
      'acknowledged',
      'reopened',
    ]);
  });
});

test('a test message speaks in the tenant’s name', async () => {
  const inbox = await startInbox();
  await world.start({ mailServer: inbox.at });
  const to = { channel: 'email', userId: world.userId } as const;
  await world.store.asTenant(world.tenantId, async (t) =>
    must(await createTestDelivery(t, { to, nowMs: Date.now() })),
  );
  await untilAll(1, 'delivered');
  expect(inbox.subjects).toEqual(['A test message']);
});

test('NT27 what was settled long ago is deleted, a bounded number at a time', async () => {
  await world.makeRule({});
  await world.start();
  for (let n = 0; n < 5; n += 1) await world.appendAlarm('sos', NOON + n * 1_000);
  await untilAll(5, 'skipped');
  const remove = (keepMs: number) =>
    world.store.asSystem((system) => deleteSettled(system, { keepMs, limit: 3 }));
  expect(await remove(60_000)).toEqual({ deliveries: 0, alerts: 0 });
  expect(await remove(-60_000)).toEqual({ deliveries: 3, alerts: 0 });
  await world.query(`update followme.alert set state = 'closed', closed_at = now()`);
  expect(await remove(-60_000)).toEqual({ deliveries: 2, alerts: 1 });
  expect([await world.alerts(), await world.deliveries()]).toEqual([[], []]);
});
