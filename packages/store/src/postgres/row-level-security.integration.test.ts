import { type TenantId } from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import { createTestDelivery } from './delivery/create-test-delivery.ts';
import { createFence } from './fence/create-fence.ts';
import { createGroup } from './group/create-group.ts';
import { setGroupMembers } from './group/set-group-members.ts';
import { setGroupTrackers } from './group/set-group-trackers.ts';
import { createRule } from './rule/create-rule.ts';
import type { RuleFields } from './rule/rule.ts';
import { openSession } from './session/open-session.ts';
import { makeTenant, makeTracker, must, openTestStore } from './testing.ts';
import { createUser } from './user/create-user.ts';
import { createWebhook } from './webhook/create-webhook.ts';

let postgres: TestPostgres;
let store: Store;
let ours: TenantId;
let theirs: TenantId;

const RULE: RuleFields = {
  name: 'rule',
  enabled: true,
  severity: 'high',
  trigger: { kind: 'alarm', alarms: ['sos'] },
  groupIds: null,
  recipientIds: [],
  webhookIds: [],
  coolDownS: 0,
  escalation: null,
};

/** One row in every table of a tenant. */
async function fill(tenantId: TenantId, name: string): Promise<void> {
  const trackerId = await makeTracker(store, tenantId, `${name}-tracker`);
  await store.asTenant(tenantId, async (tenant) => {
    const groupId = must(await createGroup(tenant, { name }));
    const user = {
      email: 'a@b.example',
      name,
      password: 'x',
      role: 'operator',
      seesAll: true,
    } as const;
    const userId = must(await createUser(tenant, user));
    must(await setGroupTrackers(tenant, groupId, [trackerId]));
    must(await setGroupMembers(tenant, groupId, [userId]));
    await openSession(tenant, { userId, ttlMs: 60_000, nowMs: Date.UTC(2026, 0, 1) });
    await createFence(tenant, { name, shape: { kind: 'circle', centre: [4, 52], radiusM: 100 } });
    const { webhook } = await createWebhook(tenant, { name, url: 'https://hooks.example/' });
    await createRule(tenant, { ...RULE, name });
    const to = { channel: 'webhook', webhookId: webhook.webhookId } as const;
    must(await createTestDelivery(tenant, { to, nowMs: Date.UTC(2026, 0, 1) }));
    await sql`insert into followme.fence_import (tenant_id, name, created_by)
      values (${tenantId}, ${name}, ${userId})`.execute(tenant.db);
    await sql`insert into followme.fence_import_place (tenant_id, import_id, position, name, shape)
      select ${tenantId}, id, 1, ${name}, '{}' from followme.fence_import`.execute(tenant.db);
    await sql`insert into followme.tenant_settings (tenant_id) values (${tenantId})`.execute(
      tenant.db,
    );
    await sql`insert into followme.alert
        (tenant_id, revision, key, severity, kind, tracker_id, first_time, last_time, raised_at, last_raised_at)
      values (${tenantId}, 1, 'k', 'high', 'alarm', ${trackerId}, now(), now(), now(), now())`.execute(
      tenant.db,
    );
    await sql`insert into followme.alert_entry (tenant_id, alert_id, at, kind)
      select ${tenantId}, id, now(), 'raised' from followme.alert`.execute(tenant.db);
  });
  await store.asSystem(async ({ db }) => {
    const columns = sql`tenant_id, tracker_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code`;
    const values = sql`${tenantId}, ${trackerId}, now(), 1, now(), 4, 52, 1, 0, 0`;
    await sql`insert into followme.position (${columns}) values (${values})`.execute(db);
    await sql`insert into followme.tracker_last (${columns}, lane) values (${values}, 1)`.execute(
      db,
    );
    await sql`insert into followme.geofence_tracker_state
      values (${trackerId}, ${tenantId}, 1, 1, 0, 0, 0, 0, '{}')`.execute(db);
    await sql`insert into followme.delivery_attempt (tenant_id, delivery_id, at, took_ms, outcome)
      select tenant_id, id, now(), 1, 'failed' from followme.delivery where tenant_id = ${tenantId}`.execute(
      db,
    );
    await sql`insert into followme.geofence_lane_fences values (1, ${tenantId}, 1)`.execute(db);
    await sql`insert into followme.fence_event
      values (gen_random_uuid(), ${tenantId}, ${trackerId}, 1, 1, 'f', 1, 'enter', 'fix', true, now(), now(), 4, 52, 1)`.execute(
      db,
    );
  });
}

/** Tables that carry a tenant, from the catalogue; partitions are reached through their parent only. */
async function tenantTables(): Promise<readonly { name: string; forced: boolean }[]> {
  const { rows } = await store.asSystem(({ db }) =>
    sql<{ name: string; forced: boolean }>`
      select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relkind in ('r', 'p', 'v', 'm', 'f')
         and n.nspname not in ('pg_catalog', 'information_schema', 'followme_partitions')
         and n.nspname not like 'pg_temp%' and not a.attisdropped
       order by 1
    `.execute(db),
  );
  return rows;
}

async function countThroughTenantDoor(
  tenantId: TenantId,
  table: string,
): Promise<number | 'refused'> {
  try {
    const { rows } = await store.asTenant(tenantId, ({ db }) =>
      sql<{ n: number }>`select count(*)::int as n from ${sql.table(`followme.${table}`)}`.execute(
        db,
      ),
    );
    return rows[0]?.n ?? 0;
  } catch (error) {
    expect(String(error)).toMatch(/permission denied/);
    return 'refused';
  }
}

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
  ours = await makeTenant(store, 'ours');
  theirs = await makeTenant(store, 'theirs');
  await fill(ours, 'ours');
  await fill(theirs, 'theirs');
});

afterAll(async () => {
  await store.close();
  await postgres.stop();
});

test('every table that carries a tenant has row-level security, forced on its owner too', async () => {
  const tables = await tenantTables();
  expect(tables.length).toBeGreaterThanOrEqual(24);
  expect(tables.filter(({ forced }) => !forced)).toEqual([]);
});

test('the login itself, without a role, sees nothing', async () => {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await expect(client.query('select * from followme.fence')).resolves.toMatchObject({ rows: [] });
    await expect(client.query('select * from followme.tenant')).resolves.toMatchObject({
      rows: [],
    });
  } finally {
    await client.end();
  }
});

describe('through the tenant door, without any filter in the statement', () => {
  /** Tables whose rows a tenant may read; of every other it may not even ask. */
  const READABLE = [
    'alert',
    'alert_entry',
    'app_user',
    'delivery',
    'delivery_attempt',
    'device',
    'fence',
    'fence_event',
    'fence_import',
    'fence_import_place',
    'fence_version',
    'group_tracker',
    'position',
    'rule',
    'session',
    'tenant_alerting',
    'tenant_host',
    'tenant_settings',
    'tracker',
    'tracker_last',
    'user_group',
    'user_group_member',
    'webhook',
  ];

  test('every table shows the one row of the tenant, or refuses', async () => {
    const seen: Record<string, number | 'refused'> = {};
    for (const { name } of await tenantTables()) {
      seen[name] = await countThroughTenantDoor(ours, name);
    }
    const expected = Object.fromEntries(
      Object.keys(seen).map((name) => [name, READABLE.includes(name) ? 1 : 'refused']),
    );
    expect(seen).toEqual(expected);
    expect(Object.keys(seen)).toEqual(expect.arrayContaining(READABLE));
  });

  test('the tenant sees itself and no other', async () => {
    const { rows } = await store.asTenant(ours, ({ db }) =>
      sql<{ slug: string }>`select slug from followme.tenant`.execute(db),
    );
    expect(rows).toEqual([{ slug: 'ours' }]);
  });

  test.each([
    'app_user',
    'tracker',
    'device',
    'user_group',
    'session',
    'fence',
    'fence_version',
    'fence_import',
    'webhook',
    'rule',
    'alert',
    'delivery',
    'tenant_alerting',
    'tenant_settings',
  ])('an update of all rows of %s leaves the other tenant alone', async (table) => {
    const changed = await store.asTenant(ours, async ({ db }) => {
      const result =
        await sql`update ${sql.table(`followme.${table}`)} set tenant_id = tenant_id`.execute(db);
      return result.numAffectedRows;
    });
    expect(changed).toBe(1n);
  });

  test.each(['session', 'user_group', 'user_group_member', 'group_tracker', 'fence_import_place'])(
    'a delete of all rows of %s leaves the other tenant alone',
    async (table) => {
      const rollback = new Error('roll back');
      let deleted: bigint | undefined;
      await expect(
        store.asTenant(ours, async ({ db }) => {
          const result = await sql`delete from ${sql.table(`followme.${table}`)}`.execute(db);
          deleted = result.numAffectedRows;
          throw rollback;
        }),
      ).rejects.toBe(rollback);
      expect(deleted).toBe(1n);
    },
  );

  test('a row cannot be made in, or moved to, another tenant', async () => {
    const insert = store.asTenant(ours, ({ db }) =>
      sql`insert into followme.user_group (tenant_id, name) values (${theirs}, 'mine')`.execute(db),
    );
    await expect(insert).rejects.toThrow(/row-level security/);
    const move = store.asTenant(ours, ({ db }) =>
      sql`update followme.user_group set tenant_id = ${theirs}`.execute(db),
    );
    await expect(move).rejects.toThrow(/row-level security/);
  });

  test('rows of two tenants cannot be tied together, not even through the system door', async () => {
    const tie = store.asSystem(({ db }) =>
      sql`insert into followme.group_tracker
          select ${ours}, g.id, t.id from followme.user_group g, followme.tracker t
           where g.tenant_id = ${ours} and t.tenant_id = ${theirs}`.execute(db),
    );
    await expect(tie).rejects.toThrow(/foreign key/);
  });

  test.each([
    'select * from followme_partitions.position_default',
    'select followme.ensure_position_partition(current_date)',
    'select * from followme.lane_progress',
    'select * from followme.lane_lease',
    'select * from followme.lane_member',
    'select followme.end_stuck_commits($$recorder$$, array[0]::int2[])',
    'select * from followme.log_claim',
    'select * from followme.unknown_device',
    'select * from followme.schema_migration',
    'insert into followme.tenant (slug, name) values (gen_random_uuid()::text, $$x$$)',
    'update followme.tenant set is_provider = true',
    'delete from followme.tracker',
    'delete from followme.fence',
    'delete from followme.alert',
    'delete from followme.alert_entry',
    'update followme.alert_entry set comment = $$x$$',
    'delete from followme.delivery',
    'insert into followme.delivery_attempt (tenant_id, delivery_id, at, took_ms, outcome) values (1, gen_random_uuid(), now(), 1, $$failed$$)',
    'update followme.delivery_attempt set took_ms = 0',
    'create table followme.mine (id int)',
  ])('refused: %s', async (statement) => {
    await expect(store.asTenant(ours, ({ db }) => sql.raw(statement).execute(db))).rejects.toThrow(
      /permission denied/,
    );
  });
});

test('nobody but the two roles and the owner has a right on anything', async () => {
  const { rows } = await store.asSystem(({ db }) =>
    sql<{ object: string }>`
      select c.oid::regclass::text as object
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        cross join lateral aclexplode(c.relacl) acl
       where n.nspname in ('followme', 'followme_partitions') and acl.grantee = 0
      union all
      select p.oid::regprocedure::text
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
       where n.nspname like 'followme%' and acl.grantee = 0
      union all
      select n.nspname from pg_catalog.pg_namespace n cross join lateral aclexplode(n.nspacl) acl
       where n.nspname like 'followme%' and acl.grantee = 0
    `.execute(db),
  );
  expect(rows).toEqual([]);
});
