import {
  trustedId,
  type AlertId,
  type GroupId,
  type RuleId,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { CompiledQuery, sql, type Kysely, type RootOperationNode } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSqlGeofenceState } from '../geofence-state/sql-geofence-state.ts';
import type { Store, SystemScope, TenantScope } from '../port.ts';
import { alertsSince } from './alert/alerts-since.ts';
import { endEscalations } from './alert/end-escalations.ts';
import { getAlert } from './alert/get-alert.ts';
import { listAlertEntries } from './alert/list-alert-entries.ts';
import { listAlerts } from './alert/list-alerts.ts';
import { newestCards } from './alert/newest-cards.ts';
import { closeHeardAgain, silentTrackers } from './alert/silent-trackers.ts';
import { dueCalls, dueMails } from './delivery/due-deliveries.ts';
import { listDeliveries } from './delivery/list-deliveries.ts';
import { getDelivery } from './delivery/get-delivery.ts';
import { listEvents } from './event/list-events.ts';
import { fencesAt } from './fence/fences-at.ts';
import { listFences } from './fence/list-fences.ts';
import { laneSequences } from './lane-progress/lane-sequences.ts';
import { fixesNear } from './position/fixes-near.ts';
import { trail } from './position/trail.ts';
import { loadDevices } from './registry/load-devices.ts';
import { loadTrackers } from './registry/load-trackers.ts';
import { registryRevisions } from './registry/registry-revisions.ts';
import { deleteOldEvents } from './retention/delete-old-events.ts';
import { deleteStrayPositions } from './retention/delete-stray-positions.ts';
import { purgeFenceVersions } from './retention/purge-fence-versions.ts';
import type { Database } from './schema.ts';
import { findSession } from './session/find-session.ts';
import { redeemSocketKey } from './session/redeem-socket-key.ts';
import { newSecret } from './session/session.ts';
import { makeTenant, openTestStore } from './testing.ts';
import { findUserByEmail } from './user/find-user-by-email.ts';
import { listTrackers } from './tracker/list-trackers.ts';
import { visibleTrackerIds } from './tracker/visible-tracker-ids.ts';

let postgres: TestPostgres;
let store: Store;
let tenantId: TenantId;

const FIRST_DAY = Date.UTC(2026, 4, 18);
const DAY = 86_400_000;

/** Trackers with devices, groups with members, the history of cards and messages, and what retention looks at. */
async function seedPeopleAndPlaces(db: Kysely<Database>): Promise<void> {
  await sql`insert into followme.tracker (id, tenant_id, name, revision)
    select n, 1 + n % 2, 't', 1 from generate_series(201, 20000) n`.execute(db);
  await sql`insert into followme.device (tenant_id, tracker_id, protocol, identifier, revision)
    select 1 + n % 2, n, 'meitrack', 'imei' || n, 1 from generate_series(1, 20000) n`.execute(db);
  await sql`insert into followme.user_group (id, tenant_id, name)
    select n, 1 + n % 2, 'g' || n from generate_series(1, 400) n`.execute(db);
  await sql`insert into followme.user_group_member (tenant_id, group_id, user_id)
    select u.tenant_id, g.id, u.id from followme.app_user u
      join followme.user_group g on g.tenant_id = u.tenant_id and g.id % 100 = u.id % 100`.execute(
    db,
  );
  await sql`insert into followme.group_tracker (tenant_id, group_id, tracker_id)
    select t.tenant_id, g.id, t.id from followme.tracker t
      join followme.user_group g on g.tenant_id = t.tenant_id and g.id % 200 = t.id % 200`.execute(
    db,
  );
  await sql`update followme.session set socket_key_hash = sha256(token_hash),
      socket_key_expires_at = now() + interval '1 hour' where user_id % 2 = 0`.execute(db);
  await sql`insert into followme.alert_entry (tenant_id, alert_id, at, kind)
    select tenant_id, id, now(), 'raised' from followme.alert`.execute(db);
  await sql`insert into followme.delivery_attempt (tenant_id, delivery_id, at, took_ms, outcome)
    select tenant_id, id, now(), 5, 'delivered' from followme.delivery`.execute(db);
  await sql`update followme.delivery d set alert_id = a.id, while_open = true
      from followme.alert a where a.tenant_id = d.tenant_id and a.key = 'k' || d.dedupe_key`.execute(
    db,
  );
  await sql`update followme.fence set deleted_at = now(), version = 40 where id % 50 = 0`.execute(
    db,
  );
  await sql`insert into followme.fence_version (tenant_id, fence_id, from_version, name, shape)
    select 1 + n % 2, n, n + 10, 'f', '{}' from generate_series(1, 5000) n`.execute(db);
  await sql`insert into followme.lane_progress (consumer, lane, epoch)
    select 'geofence', n, 1 from generate_series(0, 15) n`.execute(db);
  await sql`insert into followme.geofence_lane_fences
    select n, t, 30 from generate_series(0, 15) n, generate_series(1, 2) t`.execute(db);
  await sql`insert into followme.position
    (tenant_id, tracker_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code)
    select 1, n % 200, timestamptz '1999-01-01 00:00Z' + n * interval '1 h', n,
           timestamptz '2026-05-18 00:00Z', 4, 52, 1, 0, 0 from generate_series(0, 20000) n`.execute(
    db,
  );
}

/** Enough rows that reading a whole table would be the worse plan. */
async function seed(): Promise<void> {
  await makeTenant(store, 'neighbour');
  tenantId = await makeTenant(store, 'ours');
  await store.asSystem(async ({ db }) => {
    for (const day of ['2026-05-18', '2026-05-19', '2026-05-20', '2026-05-21']) {
      await sql`select followme.ensure_position_partition(${day}::date)`.execute(db);
    }
    await sql`insert into followme.position
      (tenant_id, tracker_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code)
      select 1 + n % 2, n % 200, timestamptz '2026-05-18 00:00Z' + n * interval '5 s', n, now(), 4, 52, 1, 0, 0
        from generate_series(0, 60000) n`.execute(db);
    await sql`insert into followme.fence_event
      select gen_random_uuid(), 1 + n % 2, n % 200, n, 1, 'f', 1, 'enter', 'fix', false,
             timestamptz '2026-05-18 00:00Z' + n * interval '10 s', now(), 4, 52, n % 16, n % 1000 > 0
        from generate_series(1, 20000) n`.execute(db);
    await sql`insert into followme.app_user (tenant_id, email, name, password_hash, role)
      select 1 + n % 2, n || '@x.example', 'n', 'h', 'member' from generate_series(1, 5000) n`.execute(
      db,
    );
    await sql`insert into followme.session
      select sha256(id::text::bytea), tenant_id, id, now(), now() + interval '1 day', now()
        from followme.app_user`.execute(db);
    await sql`insert into followme.fence (id, tenant_id, name, version)
      select n, 1 + n % 2, 'f', 1 from generate_series(1, 5000) n`.execute(db);
    await sql`insert into followme.fence_version (tenant_id, fence_id, from_version, to_version, name, shape)
      select 1 + n % 2, n, n, n + 10, 'f', '{}' from generate_series(1, 5000) n`.execute(db);
    await sql`insert into followme.tracker (id, tenant_id, name, revision)
      select n, 1 + n % 2, 't', 1 from generate_series(1, 200) n`.execute(db);
    await sql`insert into followme.alert (tenant_id, revision, key, state, severity, kind, tracker_id,
        first_time, last_time, raised_at, last_raised_at)
      select 1 + n % 2, n, 'k' || n, case when n % 500 = 0 then 'open' else 'closed' end, 'high', 'alarm',
             1 + (n + 1) % 200, now(), now(), now(), now()
        from generate_series(1, 20000) n where (1 + (n + 1) % 200) % 2 = n % 2`.execute(db);
    await sql`insert into followme.alert (tenant_id, revision, key, state, severity, kind, rule_id, tracker_id,
        first_time, last_time, raised_at, last_raised_at)
      select 1 + n % 2, 30000 + n, 's' || n, case when n < 5 then 'open' else 'closed' end, 'high', 'silent',
             1, n, now(), now(), now(), now()
        from generate_series(1, 200) n`.execute(db);
    await sql`insert into followme.tracker_last
        (tenant_id, tracker_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code, lane)
      select 1 + n % 2, n, now(), n, now(), 4, 52, 1, 0, 0, 1 from generate_series(1, 200) n`.execute(
      db,
    );
    await sql`insert into followme.delivery (id, tenant_id, dedupe_key, purpose, channel, webhook_id, address,
        content, state, not_before, created_at)
      select gen_random_uuid(), 1 + n % 2, n, 'alert', case when n % 2 = 0 then 'email' else 'webhook' end,
             case when n % 2 = 1 then n % 10 end, 'a', '{}',
             case when n % 500 = 0 then 'waiting' else 'delivered' end, now(), now() + n * interval '1 s'
        from generate_series(1, 20000) n`.execute(db);
    await seedPeopleAndPlaces(db);
  });
  const owner = new Client({ connectionString: postgres.url });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
}

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
  await seed();
});

afterAll(async () => {
  await store.close();
  await postgres.stop();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const flat = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** A database that works as `db` does and puts the plan of each statement into `plans` first. */
function explaining(db: Kysely<Database>, plans: PlanNode[]): Kysely<Database> {
  let pending: RootOperationNode | null = null;
  const watched = db.withPlugin({
    transformQuery({ node }) {
      pending = node;
      return node;
    },
    async transformResult({ result, queryId }) {
      if (pending === null) return result;
      const compiled = db.getExecutor().compileQuery(pending, queryId);
      pending = null;
      const explain = CompiledQuery.raw(`explain (format json) ${compiled.sql}`, [
        ...compiled.parameters,
      ]);
      const { rows } = await db.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(explain);
      for (const plan of rows[0]?.['QUERY PLAN'] ?? []) plans.push(plan.Plan);
      return result;
    },
  });
  return watched;
}

/** A handful of rows in every installation, or a handful for each tenant. */
const SMALL: ReadonlySet<string> = new Set(['tenant', 'tenant_alerting', 'rule', 'webhook']);

interface Plan {
  /** Names of the tables that are read from end to end. */
  readonly readWhole: readonly string[];
  readonly indexes: readonly string[];
  readonly sorts: boolean;
}

/** How the database goes about what `work` asks. */
async function planOf(work: (store: Store) => Promise<unknown>): Promise<Plan> {
  const plans: PlanNode[] = [];
  const watching: Store = {
    ...store,
    asTenant: (id, inner) =>
      store.asTenant(id, (scope) => {
        const watched: TenantScope = { ...scope, db: explaining(scope.db, plans) };
        return inner(watched);
      }),
    asSystem: (inner) =>
      store.asSystem((scope) => {
        const watched: SystemScope = { ...scope, db: explaining(scope.db, plans) };
        return inner(watched);
      }),
  };
  await work(watching);
  expect(plans.length).toBeGreaterThan(0);
  const nodes = plans.flatMap(flat);
  return {
    readWhole: nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name'] ?? '')
      .filter((name) => !SMALL.has(name)),
    indexes: [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))].sort(),
    sorts: nodes.some((node) => node['Node Type'] === 'Sort'),
  };
}

const trackerId = trustedId<TrackerId>(8);

test('a trail of one day reads that day’s partition by its primary key', async () => {
  const query = { trackerId, fromMs: FIRST_DAY + DAY, toMs: FIRST_DAY + 2 * DAY, limit: 1_000 };
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => trail(t, query)));
  expect(plan).toMatchObject({ readWhole: [], indexes: ['position_20260519_pkey'] });
});

test('a trail over days reads their partitions and no other', async () => {
  const query = { trackerId, fromMs: FIRST_DAY, toMs: FIRST_DAY + 3 * DAY, limit: 1_000 };
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => trail(t, query)));
  expect(plan).toMatchObject({
    readWhole: [],
    indexes: ['position_20260518_pkey', 'position_20260519_pkey', 'position_20260520_pkey'],
  });
});

test('the fixes near a box are read from the partitions of the period, tracker by tracker', async () => {
  const box = { minLon: 3, maxLon: 5, minLat: 51, maxLat: 53 };
  const trackerIds = [8, 10, 12].map((id) => trustedId<TrackerId>(id));
  const query = { trackerIds, fromMs: FIRST_DAY + DAY, toMs: FIRST_DAY + 2 * DAY, box };
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => fixesNear(t, query)));
  expect(plan).toMatchObject({ readWhole: [], indexes: ['position_20260519_pkey'] });
});

test('the newest events are read in the order of their index', async () => {
  const query = { fromMs: FIRST_DAY, toMs: FIRST_DAY + 3 * DAY, limit: 50 };
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => listEvents(t, query)));
  expect(plan).toEqual({ readWhole: [], indexes: ['fence_event_by_time'], sorts: false });
});

test('the events of a tracker are read by its own index', async () => {
  const query = { fromMs: FIRST_DAY, toMs: FIRST_DAY + 3 * DAY, limit: 50, trackerId };
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => listEvents(t, query)));
  // with so few rows of one tracker, sorting them is as good as reading them in order
  expect(plan).toMatchObject({ readWhole: [], indexes: ['fence_event_by_tracker'] });
});

test('unsent events are found by the index that holds nothing else', async () => {
  const plan = await planOf((s) =>
    createSqlGeofenceState({ store: s }).unsent([trustedId(8)], 100),
  );
  expect(plan).toMatchObject({ readWhole: [], indexes: ['fence_event_unsent'] });
});

test('a session is found by the hash of its token', async () => {
  const plan = await planOf((s) => findSession(s, newSecret('fm', tenantId), FIRST_DAY));
  expect(plan.readWhole).toEqual([]);
  expect(plan.indexes).toContain('session_pkey');
});

test('a person is found by address, behind row-level security too', async () => {
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => findUserByEmail(t, '7@x.example')));
  expect(plan).toEqual({ readWhole: [], indexes: ['app_user_tenant_id_email_key'], sorts: false });
});

test('what a person may see is looked up, not searched', async () => {
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => visibleTrackerIds(t, trustedId(9))));
  expect(plan.readWhole.filter((name) => name === 'app_user')).toEqual([]);
});

test('the fences of a version are read by tenant', async () => {
  const plan = await planOf((s) => s.asSystem((system) => fencesAt(system, tenantId, 20)));
  expect(plan.readWhole).toEqual([]);
});

test('the newest card of a key is looked up, however many cards there are', async () => {
  const wanted = [{ tenantId, key: 'k501' }];
  const plan = await planOf((s) => s.asSystem((system) => newestCards(system, wanted)));
  expect(plan.readWhole).toEqual([]);
  expect(plan.indexes).toEqual(['alert_by_key', 'alert_open']);
});

test('the newest alerts are read in the order of their index, changed ones by their revision', async () => {
  const newest = await planOf((s) => s.asTenant(tenantId, (t) => listAlerts(t, { limit: 50 })));
  expect(newest.indexes).toContain('alert_tenant_id_id_key');
  expect(newest.readWhole.filter((name) => name === 'alert')).toEqual([]);
  const since = { revision: 19_900, limit: 50 };
  const changed = await planOf((s) => s.asTenant(tenantId, (t) => alertsSince(t, since)));
  expect(changed.indexes).toContain('alert_by_revision');
});

test('messages that are due are found by the index that holds nothing else', async () => {
  const nowMs = Date.now() + 60_000;
  const asked = { nowMs, limit: 10, afterTenantId: null };
  const mails = await planOf((s) => s.asSystem((system) => dueMails(system, asked)));
  expect(mails.indexes).toContain('delivery_waiting');
  expect(mails.readWhole.filter((name) => name === 'delivery')).toEqual([]);
  const query = { nowMs, limit: 10, busy: [], perTenant: 4 };
  const calls = await planOf((s) => s.asSystem((system) => dueCalls(system, query)));
  expect(calls.indexes).toContain('delivery_waiting_for_webhook');
  expect(calls.readWhole.filter((name) => name === 'delivery')).toEqual([]);
});

test('who is silent, and who was heard again, is found without reading all alerts', async () => {
  const query = { tenantId, ruleId: trustedId<RuleId>(1), groupIds: null, limit: 500 };
  const silent = await planOf((s) =>
    s.asSystem((system) => silentTrackers(system, { ...query, beforeMs: Date.now() })),
  );
  expect(silent.indexes).toContain('alert_of_silence');
  expect(silent.readWhole.filter((name) => name === 'alert')).toEqual([]);
  const heard = await planOf((s) =>
    s.asSystem((system) => closeHeardAgain(system, { nowMs: Date.now(), limit: 500 })),
  );
  expect(heard.indexes).toContain('alert_of_silence_now');
  expect(heard.readWhole.filter((name) => name === 'alert')).toEqual([]);
});

test('the newest messages are read in the order of their index', async () => {
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => listDeliveries(t, { limit: 50 })));
  expect(plan.indexes).toContain('delivery_by_time');
  expect(plan.sorts).toBe(false);
});

test('nobody reads the registry while nothing changed, and then only the tenant’s part', async () => {
  const revisions = await store.asSystem(registryRevisions);
  const all = new Map([...revisions].map(([id, r]) => [id, r.registryRevision]));
  const behind = new Map([...all].map(([id, r]) => [id, id === tenantId ? r - 1 : r]));
  const device = await planOf((s) => s.asSystem((system) => loadDevices(system, all)));
  expect(device.readWhole).toEqual([]);
  const tracker = await planOf((s) => s.asSystem((system) => loadTrackers(system, all)));
  expect(tracker.readWhole.filter((name) => name === 'tracker')).toEqual([]);
  const { devices } = await store.asSystem((system) => loadDevices(system, behind));
  expect(new Set(devices.map((one) => one.tenantId))).toEqual(new Set([tenantId]));
});

test('progress of the lanes is read in one look at a small table', async () => {
  const plan = await planOf((s) => s.asSystem((system) => laneSequences(system)));
  expect(plan.readWhole.filter((name) => name !== 'lane_progress')).toEqual([]);
});

test('trackers are paged in the order of their key, those of a group too', async () => {
  const page = await planOf((s) => s.asTenant(tenantId, (t) => listTrackers(t, { limit: 50 })));
  expect(page.readWhole).toEqual([]);
  const groupId = trustedId<GroupId>(7);
  const ofGroup = await planOf((s) =>
    s.asTenant(tenantId, (t) => listTrackers(t, { limit: 50, groupId })),
  );
  expect(ofGroup.readWhole.filter((name) => name !== 'group_tracker')).toEqual([]);
});

test('members see trackers by way of their groups, each step by a key', async () => {
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => visibleTrackerIds(t, trustedId(9))));
  expect(plan.indexes).toEqual(
    expect.arrayContaining(['user_group_member_pkey', 'group_tracker_pkey']),
  );
  expect(plan.readWhole).toEqual([]);
});

test('fences are listed by the index of their present forms, and what is gone by its own', async () => {
  const listed = await planOf((s) => s.asTenant(tenantId, (t) => listFences(t, { limit: 50 })));
  expect(listed).toMatchObject({ readWhole: [], sorts: false });
  expect(listed.indexes).toContain('fence_version_list');
  const since = await planOf((s) =>
    s.asTenant(tenantId, (t) => listFences(t, { limit: 50, since: 39 })),
  );
  expect(since.indexes).toContain('fence_deleted');
  expect(since.readWhole).toEqual([]);
});

test('a key of a socket is redeemed by the index that holds nothing else', async () => {
  const plan = await planOf((s) => redeemSocketKey(s, newSecret('fk', tenantId), FIRST_DAY));
  expect(plan.readWhole).toEqual([]);
  expect(plan.indexes).toContain('session_socket_key_hash_idx');
});

test('a card, its history and its messages are looked up', async () => {
  const alertId = trustedId<AlertId>(501);
  const card = await planOf((s) => s.asTenant(tenantId, (t) => getAlert(t, alertId)));
  expect(card.readWhole).toEqual([]);
  const entries = await planOf((s) => s.asTenant(tenantId, (t) => listAlertEntries(t, alertId)));
  expect(entries.indexes).toContain('alert_entry_tenant_id_alert_id_id_idx');
  expect(entries.readWhole.filter((name) => name === 'alert_entry')).toEqual([]);
  const ended = { tenantId, alertIds: [alertId], nowMs: FIRST_DAY, detail: 'answered' } as const;
  const escalations = await planOf((s) => s.asSystem((system) => endEscalations(system, ended)));
  expect(escalations.readWhole).toEqual([]);
});

test('a message and its attempts are looked up', async () => {
  const { rows } = await store.asSystem(({ db }) =>
    sql<{
      id: string;
    }>`select id from followme.delivery where tenant_id = ${tenantId} limit 1`.execute(db),
  );
  const plan = await planOf((s) => s.asTenant(tenantId, (t) => getDelivery(t, rows[0]?.id ?? '')));
  expect(plan.readWhole).toEqual([]);
  expect(plan.indexes).toContain('delivery_attempt_tenant_id_delivery_id_id_idx');
});

test('what retention deletes is found by index, not by reading all', async () => {
  const query = { keepDays: 10_000, limit: 100 };
  const events = await planOf((s) => s.asSystem((system) => deleteOldEvents(system, query)));
  expect(events.indexes).toContain('fence_event_by_time');
  expect(events.readWhole).toEqual([]);
  const stray = await planOf((s) => s.asSystem((system) => deleteStrayPositions(system, query)));
  expect(stray.indexes).toContain('position_default_fix_time_idx');
  expect(stray.readWhole).toEqual([]);
  const forms = { lanes: 16, keepDays: 10_000, limit: 10 };
  const purge = await planOf((s) => s.asSystem((system) => purgeFenceVersions(system, forms)));
  expect(purge.indexes).toContain('fence_version_past');
  expect(purge.readWhole.filter((name) => name === 'fence_version')).toEqual([]);
});
