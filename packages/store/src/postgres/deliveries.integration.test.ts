/** The outbox: what goes next, what waits, and what escalations leave on their card. */
import {
  trustedId,
  type AlertId,
  type TenantId,
  type TrackerId,
  type UserId,
  type WebhookId,
} from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import { holdAlerts } from './alert/newest-cards.ts';
import { getAlert } from './alert/get-alert.ts';
import { listAlertEntries } from './alert/list-alert-entries.ts';
import { writeCards } from './alert/write-cards.ts';
import { addDeliveries, type NewDelivery } from './delivery/add-deliveries.ts';
import type { AttemptOutcome } from './delivery/delivery.ts';
import { dueCalls, dueMails, outboxState } from './delivery/due-deliveries.ts';
import { listDeliveries } from './delivery/list-deliveries.ts';
import { settleAttempt } from './delivery/settle-attempt.ts';
import { createFence } from './fence/create-fence.ts';
import { acquireLanes } from './lane-progress/acquire-lanes.ts';
import { beginLanes } from './lane-progress/begin-lanes.ts';
import { makeTenant, makeTracker, must, openTestStore } from './testing.ts';
import { createUser } from './user/create-user.ts';
import { createWebhook } from './webhook/create-webhook.ts';

const NOW = Date.UTC(2026, 5, 1, 12);

let postgres: TestPostgres;
let store: Store;
let made = 0;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
});
beforeEach(() =>
  store.asSystem(async ({ db }) => {
    await sql`delete from followme.delivery`.execute(db);
  }),
);

interface Customer {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly userId: UserId;
  readonly alertId: AlertId;
}

/** A tenant with a person, a tracker and an open card that escalates. */
async function makeCustomer(): Promise<Customer> {
  made += 1;
  const tenantId = await makeTenant(store, `customer-${made}`);
  const trackerId = await makeTracker(store, tenantId, `tracker-${made}`);
  const person = { email: 'olga@x.example', name: 'Olga', password: 'x' } as const;
  const userId = await store.asTenant(tenantId, async (t) =>
    must(await createUser(t, { ...person, role: 'operator', seesAll: true })),
  );
  const alertId = await raiseCard(tenantId, trackerId);
  return { tenantId, trackerId, userId, alertId };
}

const raiseCard = (tenantId: TenantId, trackerId: TrackerId): Promise<AlertId> =>
  store.asSystem(async (system) => {
    await holdAlerts(system, [tenantId]);
    const card = {
      tenantId,
      alertId: null,
      key: 'sos',
      state: 'open',
      severity: 'high',
      kind: 'alarm',
      ruleId: null,
      ruleName: null,
      trackerId,
      fenceId: null,
      fenceName: null,
      transition: null,
      alarm: 'sos',
      occurrences: 1,
      firstTimeMs: NOW,
      lastTimeMs: NOW,
      raisedMs: NOW,
      lastRaisedMs: NOW,
      notifiedMs: null,
      repeatedMs: null,
      lon: 5,
      lat: 52,
      escalatesMs: NOW + 60_000,
    } as const;
    const [id] = await writeCards(system, [{ card, entries: [{ kind: 'raised', atMs: NOW }] }]);
    return id ?? trustedId(0);
  });

let messages = 0;
function messageOf(customer: Customer, fields: Partial<NewDelivery> = {}): NewDelivery {
  messages += 1;
  return {
    deliveryId: `00000000-0000-8000-8000-${String(messages).padStart(12, '0')}`,
    tenantId: customer.tenantId,
    dedupeKey: `message ${messages}`,
    alertId: customer.alertId,
    ruleId: null,
    purpose: 'alert',
    channel: 'email',
    userId: customer.userId,
    webhookId: null,
    address: 'olga@x.example',
    content: { subject: 'S', text: 'T', payload: null },
    notBeforeMs: NOW,
    whileOpen: false,
    critical: false,
    createdMs: NOW,
    ...fields,
  };
}

const add = (deliveries: readonly NewDelivery[], maxWaiting?: number) =>
  store.asSystem((system) => addDeliveries(system, deliveries, maxWaiting));

const hookOf = ({ tenantId }: Customer): Promise<WebhookId> =>
  store.asTenant(tenantId, async (t) => {
    const { webhook } = await createWebhook(t, { name: 'Hook', url: 'https://x.example/' });
    return webhook.webhookId;
  });
const callOf = (customer: Customer, webhookId: WebhookId, fields: Partial<NewDelivery> = {}) =>
  messageOf(customer, { channel: 'webhook', userId: null, webhookId, ...fields });

describe('NT17 mails that are due', () => {
  const due = (limit: number, afterTenantId: TenantId | null = null) =>
    store.asSystem((system) => dueMails(system, { nowMs: NOW + 10, limit, afterTenantId }));

  test('come critical first, then customers in turns, of each what waits longest', async () => {
    const [a, b] = [await makeCustomer(), await makeCustomer()];
    const manyOfA = [3, 1, 2].map((n) => messageOf(a, { notBeforeMs: NOW + n }));
    const [a3, a1, a2] = manyOfA.map(({ deliveryId }) => deliveryId);
    const urgent = messageOf(a, { critical: true, notBeforeMs: NOW + 5 });
    const later = messageOf(a, { critical: true, notBeforeMs: NOW + 60_000 });
    const ofB = messageOf(b, { notBeforeMs: NOW + 9 });
    await add([...manyOfA, urgent, later, ofB]);
    const ids = (await due(10)).map(({ deliveryId }) => deliveryId);
    expect(ids).toEqual([urgent.deliveryId, a1, ofB.deliveryId, a2, a3]);
  });

  test('go on behind the customer whose mail was taken last', async () => {
    const customers = [await makeCustomer(), await makeCustomer(), await makeCustomer()];
    await add(customers.flatMap((c) => [messageOf(c), messageOf(c)]));
    const ids = customers.map(({ tenantId }) => tenantId);
    const first = (await due(2)).map(({ tenantId }) => tenantId);
    expect(first).toEqual(ids.slice(0, 2));
    const next = (await due(2, first[1])).map(({ tenantId }) => tenantId);
    expect(next).toEqual([ids[2], ids[0]]);
  });
});

describe('NT17 calls that are due', () => {
  const due = (query: { limit?: number; busy?: readonly WebhookId[]; perTenant?: number } = {}) =>
    store.asSystem((system) =>
      dueCalls(system, { nowMs: NOW + 10, limit: 2, busy: [], perTenant: 4, ...query }),
    );

  test('are the most urgent of each webhook, and of all webhooks the most urgent', async () => {
    const a = await makeCustomer();
    const hooks = [await hookOf(a), await hookOf(a), await hookOf(a)] as const;
    const [first, second, third] = hooks;
    const calls = [
      callOf(a, first, { notBeforeMs: NOW + 2 }),
      callOf(a, second, { notBeforeMs: NOW + 1 }),
      callOf(a, third, { notBeforeMs: NOW }),
      callOf(a, third, { notBeforeMs: NOW + 3, critical: true }),
    ];
    await add(calls);
    const ids = async (busy: readonly WebhookId[]) =>
      (await due({ busy })).map(({ deliveryId }) =>
        calls.findIndex((c) => c.deliveryId === deliveryId),
      );
    expect(await ids([])).toEqual([3, 1]);
    expect(await ids([third, second])).toEqual([0]);
  });

  test('of one customer leave the others their turn', async () => {
    const [a, b] = [await makeCustomer(), await makeCustomer()];
    const ofA = [await hookOf(a), await hookOf(a), await hookOf(a)] as const;
    const ofB = await hookOf(b);
    await add([...ofA.map((id) => callOf(a, id)), callOf(b, ofB, { notBeforeMs: NOW + 9 })]);
    expect((await due()).map(({ webhookId }) => webhookId)).toEqual([ofA[0], ofB]);
    const busy = [ofA[0], ofA[1]];
    expect(await due({ busy, perTenant: 2 })).toMatchObject([{ webhookId: ofB }]);
    expect(await due({ busy, perTenant: 3 })).toMatchObject([
      { webhookId: ofB },
      { webhookId: ofA[2] },
    ]);
  });
});

describe('NT28 of one customer only so many messages wait', () => {
  test('the others are skipped, and say why; critical ones are counted apart', async () => {
    const [a, b] = [await makeCustomer(), await makeCustomer()];
    const hook = await hookOf(a);
    expect(await add([messageOf(a), messageOf(a), messageOf(b)], 3)).toEqual({
      added: 3,
      skipped: 0,
    });
    const over = [
      messageOf(a, { notBeforeMs: NOW + 2 }),
      messageOf(a, { notBeforeMs: NOW + 1 }),
      messageOf(a, { critical: true }),
      callOf(a, hook),
      messageOf(b),
    ];
    expect(await add(over, 3)).toEqual({ added: 4, skipped: 1 });
    const { items } = must(
      await store.asTenant(a.tenantId, (t) => listDeliveries(t, { limit: 10, state: 'skipped' })),
    );
    expect(items).toMatchObject([
      { deliveryId: over[0]?.deliveryId, detail: 'too many waiting', settledTimeMs: NOW },
    ]);
    expect(await store.asSystem((system) => outboxState(system, NOW))).toEqual({
      waiting: 7,
      oldestDueMs: NOW,
    });
  });

  test('a card announces no escalation of which nobody will be told', async () => {
    const a = await makeCustomer();
    await add([messageOf(a, { purpose: 'escalation', whileOpen: true })], 0);
    const card = await store.asTenant(a.tenantId, (t) => getAlert(t, a.alertId));
    expect(card?.escalates).toBeNull();
  });
});

describe('NT15 of the people of an escalation', () => {
  let epoch = 0;
  beforeAll(() =>
    store.asSystem(async (system) => {
      const lane = trustedId<never>(0);
      await beginLanes(system, 'deliveries', [{ lane, sequence: lane }]);
      const ownership = { kind: 'single' } as const;
      const [owned] = await acquireLanes(system, 'deliveries', {
        owner: 'test',
        lanes: [lane],
        ownership,
      });
      epoch = owned?.epoch ?? 0;
    }),
  );

  /** Ends the escalation messages of a card one after the other; answers what is on the card after each. */
  async function end(outcomes: readonly AttemptOutcome[]) {
    const customer = await makeCustomer();
    const { tenantId, alertId } = customer;
    const told = outcomes.map(() =>
      messageOf(customer, { purpose: 'escalation', whileOpen: true }),
    );
    await add(told);
    const after: { announced: boolean; told: number; changed: boolean }[] = [];
    for (const [n, message] of told.entries()) {
      const delivery = { ...message, attempts: 0 };
      const outcome = outcomes[n] ?? 'failed';
      const time = { epoch, atMs: NOW + n, tookMs: 1, detail: null, retryAtMs: null };
      const { alertChanged } = await store.asSystem((system) =>
        settleAttempt(system, { delivery, ...time, outcome }),
      );
      const [card, entries] = await store.asTenant(tenantId, async (t) => [
        await getAlert(t, alertId),
        await listAlertEntries(t, alertId),
      ]);
      const escalated = entries.filter(({ kind }) => kind === 'escalated').length;
      after.push({
        announced: card?.escalates !== null,
        told: escalated,
        changed: alertChanged,
      });
    }
    return after;
  }

  test('the first that is reached is told of, also behind one that is not', async () => {
    expect(await end(['skipped', 'refused', 'delivered', 'delivered'])).toEqual([
      { announced: true, told: 0, changed: false },
      { announced: true, told: 0, changed: false },
      { announced: false, told: 1, changed: true },
      { announced: false, told: 1, changed: false },
    ]);
  });

  test('none is reached: nothing is announced any more once the last has ended', async () => {
    expect(await end(['refused', 'failed'])).toEqual([
      { announced: true, told: 0, changed: false },
      { announced: false, told: 0, changed: true },
    ]);
  });
});

test('who edits places for long holds up nobody’s alerts', async () => {
  const { tenantId, trackerId } = await makeCustomer();
  await store.asTenant(tenantId, async (t) => {
    await createFence(t, { name: 'f', shape: { kind: 'circle', centre: [4, 52], radiusM: 100 } });
    // the edit is not committed yet
    await store.asSystem(async (system) => {
      await sql`set local lock_timeout = '2s'`.execute(system.db);
      await holdAlerts(system, [tenantId]);
      const { rowCount } = await system.client.query(
        'update followme.alert set lon = 6 where tracker_id = $1',
        [trackerId],
      );
      expect(rowCount).toBe(1);
    });
  });
});
