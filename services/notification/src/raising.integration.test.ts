/** From the log to alerts and the outbox, on a real database and a real log. */
import { laneOf, trustedId, type Lane, type TenantId, type TrackerId } from '@followme/model';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import {
  actOnAlert,
  listAlertEntries,
  retireTracker,
  StoreError,
  tenantAlertRevisions,
  updateRule,
  type Store,
} from '@followme/store';
import { waitUntil } from '@followme/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { must, makeWorld, type World } from './testing/world.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const FENCE_RULE = { trigger: { kind: 'fence', fenceIds: null, on: ['enter'] } } as const;

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(async () => {
  await world.close();
});

const untilAlerts = (count: number) =>
  waitUntil(
    async () => {
      const alerts = await world.alerts();
      return alerts.length >= count && alerts;
    },
    10_000,
    `${count} alerts`,
  );

/** Waits until all that is in the log is read and committed. */
const untilRead = () =>
  waitUntil(
    async () => {
      const rows = await world.query<{ consumer: string; lane: number; seq: number }>(
        `select consumer, lane, committed_seq::float8 as seq from followme.lane_progress
          where consumer in ('crossings', 'alarms')`,
      );
      for (const { consumer, lane, seq } of rows) {
        const stream = consumer === 'alarms' ? 'positions' : 'events';
        if ((await world.log.bounds(stream, trustedId(lane))).last !== seq) return false;
      }
      return true;
    },
    10_000,
    'everything read',
  );

test('NT11 what lay in the log before the first start raises nothing; what came since does, once', async () => {
  await world.makeRule(FENCE_RULE);
  await world.appendAlarm('sos', NOON - 1_000);
  await world.appendCrossing({ fixTimeMs: NOON - 1_000 });
  const first = await world.start();
  await world.appendAlarm('sos', NOON);
  await world.appendCrossing({ fixTimeMs: NOON });
  await untilAlerts(2);
  await first.stop();
  await world.appendAlarm('sos', NOON + 1_000);
  await world.start();
  await waitUntil(
    async () => (await world.alerts()).some(({ occurrences }) => occurrences === 2),
    10_000,
    'the alarm that came while nobody read',
  );
  await untilRead();
  const seen = (await world.alerts()).map((a) => [a.kind, a.occurrences, a.firstTimeMs]);
  expect(seen.toSorted()).toEqual([
    ['alarm', 2, NOON],
    ['fence', 1, NOON],
  ]);
  // the crossing's rule names one person; nobody wrote a rule for the SOS
  expect(await world.deliveries()).toMatchObject([{ address: 'olga@x.example', purpose: 'alert' }]);
});

/** A store whose transactions, some of them, are committed without that anybody hears of it. */
function forgetful(store: Store, forgets: (call: number) => boolean): Store {
  let calls = 0;
  return {
    ...store,
    async asSystem(work) {
      const result = await store.asSystem(work);
      calls += 1;
      if (forgets(calls)) throw new StoreError('COMMIT_UNKNOWN', 'The connection broke');
      return result;
    },
  };
}

test('NT11 a commit whose answer was lost is neither made twice nor lost', async () => {
  await world.makeRule({});
  const store = forgetful(world.store, (call) => call > 12 && call % 3 === 0);
  await world.start({ store });
  for (let n = 0; n < 30; n += 1) await world.appendAlarm('sos', NOON + n * 1_000);
  await waitUntil(
    async () => (await world.alerts())[0]?.occurrences === 30,
    20_000,
    'all occurrences',
  );
  await untilRead();
  expect(await world.alerts()).toMatchObject([{ occurrences: 30, firstTimeMs: NOON }]);
  const ids = (await world.deliveries()).map(({ deliveryId }) => deliveryId);
  expect(ids).toHaveLength(30);
});

test('NT5 records that come twice raise nothing more', async () => {
  await world.makeRule({});
  await world.start();
  for (const timeMs of [NOON, NOON + 1_000, NOON, NOON + 1_000]) {
    await world.appendAlarm('sos', timeMs);
  }
  await untilAlerts(1);
  await untilRead();
  expect(await world.alerts()).toMatchObject([{ occurrences: 2 }]);
  expect(await world.deliveries()).toHaveLength(2);
});

test('NT1 a rule that was written just before holds, one that was switched off does not', async () => {
  await world.start();
  const rule = await world.makeRule(FENCE_RULE);
  await world.appendCrossing({ fixTimeMs: NOON });
  await untilAlerts(1);
  await world.store.asTenant(world.tenantId, (t) => updateRule(t, rule.ruleId, { enabled: false }));
  await world.appendCrossing({ fixTimeMs: NOON + 1_000 });
  await untilRead();
  expect(await world.alerts()).toMatchObject([{ occurrences: 1 }]);
});

test('NT1 a tracker that is not in service, or another tenant’s, raises nothing', async () => {
  await world.makeRule({});
  const retired = await world.makeTracker('Retired');
  must(await world.store.asTenant(world.tenantId, (t) => retireTracker(t, retired)));
  await world.start();
  await world.appendAlarm('sos', NOON, retired);
  await world.appendCrossing({ fixTimeMs: NOON, tenantId: trustedId<TenantId>(99) });
  await untilRead();
  expect(await world.alerts()).toEqual([]);
});

test('a damaged record is passed over, those behind it are not', async () => {
  await world.start();
  const lane = laneOf(world.trackerId, world.log.lanes('positions'));
  await world.log.append('positions', lane, Buffer.from([1, 1, 0, 0, 9, 0, 0, 0, 1]));
  await world.log.append('events', trustedId(0), Buffer.from('{'));
  await world.appendAlarm('sos', NOON);
  expect(await untilAlerts(1)).toHaveLength(1);
});

test('what the database refuses is passed over alone, after it was tried, and what came with it is raised', async () => {
  await world.makeRule(FENCE_RULE);
  await world.start();
  // no text of the database holds a zero
  await world.appendCrossing({ fixTimeMs: NOON, fenceName: 'De\u0000pot', fenceId: trustedId(8) });
  await world.appendCrossing({ fixTimeMs: NOON + 1_000 });
  await world.appendAlarm('sos', NOON);
  const alerts = await untilAlerts(2);
  await untilRead();
  expect(alerts.map(({ kind }) => kind).toSorted()).toEqual(['alarm', 'fence']);
  expect(await world.alerts()).toHaveLength(2);
});

describe('NT11 one that the database refuses is given up after a few tries, also when it comes alone:', () => {
  test('a crossing', async () => {
    await world.makeRule(FENCE_RULE);
    await world.start();
    await world.appendCrossing({
      fixTimeMs: NOON,
      fenceName: 'De\u0000pot',
      fenceId: trustedId(8),
    });
    await untilRead();
    expect(await world.alerts()).toEqual([]);
    await world.appendCrossing({ fixTimeMs: NOON + 1_000 });
    expect(await untilAlerts(1)).toMatchObject([{ kind: 'fence', occurrences: 1 }]);
  });

  test('an alarm', async () => {
    await world.start();
    const sameLane = await trackerOfLane(laneOf(world.trackerId, world.log.lanes('positions')));
    await world.appendAlarm('sos', NOON);
    await untilAlerts(1);
    // the card can count no further
    await world.query(`update followme.alert set occurrences = 2147483647`);
    await world.appendAlarm('sos', NOON + 1_000);
    await untilRead();
    await world.appendAlarm('sos', NOON + 2_000, sameLane);
    expect(await untilAlerts(2)).toMatchObject([
      { occurrences: 2_147_483_647 },
      { trackerId: sameLane, occurrences: 1 },
    ]);
  });

  /** A further tracker whose positions are in this lane. */
  async function trackerOfLane(lane: Lane): Promise<TrackerId> {
    for (let n = 0; ; n += 1) {
      const trackerId = await world.makeTracker(`Further ${n}`);
      if (laneOf(trackerId, world.log.lanes('positions')) === lane) return trackerId;
    }
  }
});

test('NT11 what fails is tried less and less often', async () => {
  const failures: number[] = [];
  let isAway = false;
  const store: Store = {
    ...world.store,
    asSystem: (work) =>
      world.store.asSystem(async (system) => {
        const result = await work(system);
        if (!isAway) return result;
        const { rows } = await system.client.query(`select 1 from followme.alert`);
        if (rows.length > 0) throw new StoreError('COMMIT_UNKNOWN', 'The connection broke');
        return result;
      }),
  };
  const logger = {
    ...silentLogger,
    warn: (event: string, fields?: object) => {
      if (event === 'notification.commitFailed' && fields !== undefined && 'retryInMs' in fields) {
        failures.push(Number(fields.retryInMs));
      }
    },
  };
  await world.start({ store, logger });
  isAway = true;
  await world.appendAlarm('sos', NOON);
  await waitUntil(() => failures.length === 4, 10_000, 'four failures');
  isAway = false;
  expect(await untilAlerts(1)).toMatchObject([{ occurrences: 1 }]);
  expect(failures.slice(0, 4)).toEqual([100, 200, 400, 800]);
});

describe('how far behind the service is', () => {
  test('counts from the first record that is not committed, also when none ever was', async () => {
    const metrics = createMetrics();
    const behindS = () => metrics.read('followme_notification_behind_seconds', {});
    let isAway = false;
    const clock = { ...systemClock, nowMs: () => Date.now() + 60_000 };
    const service = await world.start({
      store: { ...world.store, asSystem: failing(world.store, () => isAway) },
      clock,
      metrics,
      settings: { measureEveryMs: 20 },
    });
    expect((await service.health()).behindS).toBe(0);
    isAway = true;
    await world.appendAlarm('sos', NOON);
    await waitUntil(
      async () => (await behindS()) >= 60,
      10_000,
      'the gauge without anybody asking',
    );
    // the log took it when the clock of the service was a minute ahead
    const { behindS: seconds } = await service.health();
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThan(120);
    isAway = false;
    await untilAlerts(1);
    await untilRead();
    await waitUntil(async () => (await behindS()) === 0, 10_000, 'all committed');
  });
});

/** The store's door, which is shut at times. */
function failing(store: Store, isAway: () => boolean): Store['asSystem'] {
  return async (work) => {
    if (isAway()) throw new StoreError('COMMIT_UNKNOWN', 'The connection broke');
    return store.asSystem(work);
  };
}

test('NT10 every change is told, with a revision of its own', async () => {
  const told: string[] = [];
  world.log.subscribe('alerts', (payload) => told.push(Buffer.from(payload).toString()));
  await world.start();
  for (const name of ['A', 'B', 'C']) {
    await world.appendAlarm('sos', NOON, await world.makeTracker(name));
  }
  const alerts = await untilAlerts(3);
  await waitUntil(() => told.length > 0, 5_000, 'a word of it');
  expect(new Set(told)).toEqual(new Set([String(world.tenantId)]));
  const revisions = alerts.map(({ revision }) => revision).toSorted((a, b) => a - b);
  expect(new Set(revisions).size).toBe(3);
  const known = (await world.store.asSystem(tenantAlertRevisions)).get(world.tenantId);
  expect(known?.alertsRevision).toBe(revisions.at(-1));
});

test('NT6 what people did to the card counts for the next occurrence', async () => {
  await world.start();
  await world.appendAlarm('sos', NOON);
  const [alert] = await untilAlerts(1);
  const alertId = alert?.alertId ?? trustedId(0);
  const act = (kind: 'acknowledge' | 'close') =>
    world.store.asTenant(world.tenantId, async (t) =>
      must(await actOnAlert(t, { alertId, userId: world.userId, nowMs: NOON, action: { kind } })),
    );
  await act('acknowledge');
  // the card was last raised three minutes ago
  await world.query(
    `update followme.alert set last_raised_at = last_raised_at - interval '3 minutes'`,
  );
  await world.appendAlarm('sos', NOON + 1_000);
  await waitUntil(async () => (await world.alerts())[0]?.occurrences === 2, 5_000, 'the repeat');
  expect(await world.alerts()).toMatchObject([{ state: 'open', acknowledged: null }]);
  const entries = await world.store.asTenant(world.tenantId, (t) => listAlertEntries(t, alertId));
  expect(entries.map(({ kind }) => kind)).toEqual(['raised', 'acknowledged', 'reopened']);
  await act('close');
  await world.appendAlarm('sos', NOON + 2_000);
  const two = await untilAlerts(2);
  expect(two.map(({ state }) => state)).toEqual(['closed', 'open']);
});

test('NT9 NT2 of two closed cards of a cause only the newer opens again, and counts what comes', async () => {
  await world.start();
  const act = async (place: number, kind: 'close' | 'reopen') => {
    const alertId = (await world.alerts())[place]?.alertId ?? trustedId(0);
    const doing = { alertId, userId: world.userId, nowMs: NOON, action: { kind } };
    return world.store.asTenant(world.tenantId, (t) => actOnAlert(t, doing));
  };
  for (const place of [0, 1]) {
    await world.appendAlarm('sos', NOON + place * 1_000);
    await untilAlerts(place + 1);
    must(await act(place, 'close'));
  }
  const refused = { ok: false, error: { code: 'ALERT_STATE', state: 'closed' } };
  expect(await act(0, 'reopen')).toEqual(refused);
  must(await act(1, 'reopen'));
  await world.appendAlarm('sos', NOON + 2_000);
  await untilRead();
  const seen = (await world.alerts()).map(({ state, occurrences }) => [state, occurrences]);
  expect(seen).toEqual([
    ['closed', 1],
    ['open', 2],
  ]);
});

test('NT2 NT5 an older card that stands open beside a newer closed one is the one that counts', async () => {
  await world.start();
  for (const place of [0, 1]) {
    await world.appendAlarm('sos', NOON + place * 10_000);
    await untilAlerts(place + 1);
    await world.query(`update followme.alert set state = 'closed'`);
  }
  // as releases before this one let people leave it
  await world.query(
    `update followme.alert set state = 'open' where id = (select min(id) from followme.alert)`,
  );
  // sent late: older than what the closed card knows
  await world.appendAlarm('sos', NOON + 5_000);
  await world.appendAlarm('sos', NOON + 20_000);
  await untilRead();
  const seen = (await world.alerts()).map((a) => [a.state, a.occurrences, a.lastTimeMs]);
  expect(seen).toEqual([
    ['open', 2, NOON + 20_000],
    ['closed', 1, NOON + 10_000],
  ]);
});

test('NT7 a rule of severity info leaves a closed card', async () => {
  await world.makeRule({ ...FENCE_RULE, severity: 'info' });
  await world.start();
  await world.appendCrossing({ fixTimeMs: NOON });
  await world.appendCrossing({ fixTimeMs: NOON + 1_000 });
  const alerts = await untilAlerts(2);
  expect(alerts.map(({ state, closed }) => [state, closed?.by])).toEqual([
    ['closed', null],
    ['closed', null],
  ]);
});

describe('silence', () => {
  /** Says when the tracker was last heard, and that the last states are current. */
  async function heard(atMs: number): Promise<void> {
    await world.query(
      `insert into followme.lane_progress (consumer, lane, epoch)
       select 'recorder', lane, 1 from generate_series(0, 3) lane on conflict do nothing`,
    );
    await world.query(
      `insert into followme.tracker_last (tenant_id, tracker_id, fix_time, content_hash, received_time, lon,
         lat, flags, alarm, event_code, lane)
       values ($1, $2, $3, 1, $3, 5, 52, 1, 0, 0, 0)
       on conflict (tracker_id) do update set received_time = excluded.received_time`,
      [world.tenantId, world.trackerId, new Date(atMs)],
    );
  }
  const rule = { trigger: { kind: 'silent', afterS: 60 } } as const;

  test('NT13 raises a card, which closes by itself when the tracker is heard', async () => {
    await world.makeRule(rule);
    await world.makeTracker('Never heard');
    const since = Date.now() - 90_000;
    await heard(since);
    await world.start();
    const [alert] = await untilAlerts(1);
    expect(alert).toMatchObject({ kind: 'silent', state: 'open', lastTimeMs: since, lon: 5 });
    await heard(Date.now());
    await waitUntil(async () => (await world.alerts())[0]?.state === 'closed', 5_000, 'closed');
    expect(await world.alerts()).toMatchObject([{ closed: { by: null }, trackerName: 'Guard 1' }]);
    const entries = await world.store.asTenant(world.tenantId, (t) =>
      listAlertEntries(t, alert?.alertId ?? trustedId(0)),
    );
    expect(entries.map(({ kind, by }) => [kind, by])).toEqual([
      ['raised', null],
      ['closed', null],
    ]);
  });

  test('NT12 the same silence raises no other card after it was closed', async () => {
    await world.makeRule(rule);
    await heard(Date.now() - 90_000);
    await world.start();
    const [alert] = await untilAlerts(1);
    const doing = { userId: world.userId, nowMs: NOON, action: { kind: 'close' } as const };
    await world.store.asTenant(world.tenantId, async (t) =>
      must(await actOnAlert(t, { ...doing, alertId: alert?.alertId ?? trustedId(0) })),
    );
    await looks(5);
    expect(await world.alerts()).toHaveLength(1);
  });

  test('NT12 nobody is silent before the rule says so, or while the last states stand still', async () => {
    await world.makeRule(rule);
    await heard(Date.now() - 30_000);
    await world.start();
    await looks(5);
    expect(await world.alerts()).toEqual([]);
    // a record that the recorder has not written
    await world.appendAlarm('none', NOON);
    await untilRead();
    await looks(3);
    await heard(Date.now() - 90_000);
    await looks(5);
    expect(await world.alerts()).toEqual([]);
  });

  test('NT12 after a start nobody is silent for a while', async () => {
    await world.makeRule(rule);
    await heard(Date.now() - 90_000);
    await world.start({ settings: { silenceGraceMs: 60_000 } });
    await looks(5);
    expect(await world.alerts()).toEqual([]);
  });

  test('NT12 after an outage of the store the last states are believed once they are current again', async () => {
    await world.makeRule(rule);
    const outage = await startWithOutages({ silenceGraceMs: 0 });
    await heard(Date.now() - 30_000);
    await looks(5);
    await outage.lasts(120_000, () => world.appendAlarm('none', NOON));
    // what it reported meanwhile is in the log, and not yet in the last states
    await looks(5);
    expect(await world.alerts()).toEqual([]);
    await world.query(
      `update followme.lane_progress set state_seq = 9 where consumer = 'recorder'`,
    );
    await untilAlerts(1);
  });

  test('NT12 after an outage of the store nobody is silent for a while', async () => {
    await world.makeRule(rule);
    const outage = await startWithOutages({ silenceGraceMs: 60_000 });
    outage.pass(90_000);
    await heard(Date.now() + 90_000);
    await looks(5);
    await outage.lasts(120_000);
    await looks(5);
    expect(await world.alerts()).toEqual([]);
    outage.pass(60_000);
    await untilAlerts(1);
  });

  test('NT13 NT15 a card that closes by itself calls nobody any more', async () => {
    await world.makeRule({
      ...rule,
      recipientIds: [],
      escalation: { afterS: 3_600, toIds: [world.userId] },
    });
    await heard(Date.now() - 90_000);
    await world.start();
    await untilAlerts(1);
    expect(await world.deliveries()).toMatchObject([{ state: 'waiting' }]);
    await heard(Date.now());
    await waitUntil(async () => (await world.alerts())[0]?.state === 'closed', 5_000, 'closed');
    const [alert] = await world.alerts();
    const doing = { userId: world.userId, nowMs: NOON, action: { kind: 'reopen' } as const };
    await world.store.asTenant(world.tenantId, async (t) =>
      must(await actOnAlert(t, { ...doing, alertId: alert?.alertId ?? trustedId(0) })),
    );
    expect(await world.deliveries()).toMatchObject([{ state: 'skipped', detail: 'heard again' }]);
  });

  /** The service with a clock that can be put forward and a store that can be away. */
  async function startWithOutages(settings: { readonly silenceGraceMs: number }) {
    let aheadMs = 0;
    let isAway = false;
    let failed = 0;
    const clock = {
      ...systemClock,
      nowMs: () => Date.now() + aheadMs,
      monotonicMs: () => systemClock.monotonicMs() + aheadMs,
    };
    const warn = (event: string): void => {
      if (event === 'notification.silenceUnknown') failed += 1;
    };
    const pass = (ms: number): void => {
      aheadMs += ms;
    };
    const store = { ...world.store, asSystem: failing(world.store, () => isAway) };
    await world.start({ store, clock, logger: { ...silentLogger, warn }, settings });
    return {
      pass,
      async lasts(ms: number, meanwhile: () => Promise<void> = async () => undefined) {
        isAway = true;
        const before = failed;
        await waitUntil(() => failed > before, 10_000, 'a look that failed');
        pass(ms);
        await meanwhile();
        isAway = false;
      },
    };
  }

  /** Waits for so many looks: each opens the store for the list of rules or for less. */
  async function looks(count: number): Promise<void> {
    const transactions = () =>
      world.metrics.read('followme_store_transactions_total', { door: 'system' });
    const before = await transactions();
    await waitUntil(async () => (await transactions()) >= before + count * 10, 20_000, 'looks');
  }
});
