import { startTestPostgres } from '@followme/testkit';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import type { Database } from './schema.ts';

/** All columns of all tables; the compiler refuses one too few and one too many. */
const TABLES: { [T in keyof Database]: Record<keyof Database[T], true> } = {
  'followme.tenant': {
    id: true,
    slug: true,
    name: true,
    created_at: true,
    suspended_at: true,
    registry_revision: true,
    fences_version: true,
    fences_announced_version: true,
    is_provider: true,
  },
  'followme.tenant_host': { host: true, tenant_id: true },
  'followme.app_user': {
    id: true,
    tenant_id: true,
    email: true,
    name: true,
    password_hash: true,
    role: true,
    sees_all: true,
    created_at: true,
    disabled_at: true,
  },
  'followme.session': {
    token_hash: true,
    tenant_id: true,
    user_id: true,
    created_at: true,
    expires_at: true,
    last_seen_at: true,
    socket_key_hash: true,
    socket_key_expires_at: true,
  },
  'followme.user_group': { id: true, tenant_id: true, name: true, created_at: true },
  'followme.user_group_member': { tenant_id: true, group_id: true, user_id: true },
  'followme.group_tracker': { tenant_id: true, group_id: true, tracker_id: true },
  'followme.tracker': {
    id: true,
    tenant_id: true,
    name: true,
    created_at: true,
    retired_at: true,
    revision: true,
  },
  'followme.device': {
    id: true,
    tenant_id: true,
    tracker_id: true,
    protocol: true,
    identifier: true,
    created_at: true,
    retired_at: true,
    revision: true,
  },
  'followme.unknown_device': {
    protocol: true,
    identifier: true,
    first_seen: true,
    last_seen: true,
    frames: true,
  },
  'followme.position': {
    tenant_id: true,
    tracker_id: true,
    fix_time: true,
    content_hash: true,
    received_time: true,
    lon: true,
    lat: true,
    flags: true,
    alarm: true,
    event_code: true,
    speed_mps: true,
    heading_deg: true,
    altitude_m: true,
    accuracy_m: true,
    battery_pct: true,
    satellites: true,
    attributes: true,
  },
  'followme.tracker_last': {
    tenant_id: true,
    tracker_id: true,
    fix_time: true,
    content_hash: true,
    received_time: true,
    lon: true,
    lat: true,
    flags: true,
    alarm: true,
    event_code: true,
    speed_mps: true,
    heading_deg: true,
    altitude_m: true,
    accuracy_m: true,
    battery_pct: true,
    satellites: true,
    attributes: true,
    lane: true,
  },
  'followme.lane_progress': {
    consumer: true,
    lane: true,
    epoch: true,
    owner: true,
    lease_until: true,
    committed_seq: true,
    state_seq: true,
    commits: true,
  },
  'followme.log_claim': { is_the_one: true, identity: true, claimed_at: true },
  'followme.fence': {
    id: true,
    tenant_id: true,
    name: true,
    created_at: true,
    deleted_at: true,
    version: true,
  },
  'followme.fence_version': {
    tenant_id: true,
    fence_id: true,
    from_version: true,
    to_version: true,
    name: true,
    shape: true,
  },
  'followme.geofence_tracker_state': {
    tracker_id: true,
    tenant_id: true,
    lane: true,
    commit_no: true,
    event_seq: true,
    last_fix_time_ms: true,
    lon_e7: true,
    lat_e7: true,
    inside: true,
  },
  'followme.geofence_lane_fences': { lane: true, tenant_id: true, fences_version: true },
  'followme.geofence_lane_marks': { lane: true, commit_no: true, marks: true },
  'followme.fence_event': {
    event_id: true,
    tenant_id: true,
    tracker_id: true,
    event_seq: true,
    fence_id: true,
    fence_name: true,
    fences_version: true,
    kind: true,
    reason: true,
    initial: true,
    fix_time: true,
    received_time: true,
    lon: true,
    lat: true,
    lane: true,
    sent: true,
  },
};

test('the types of the tables name the columns the migrations make', async () => {
  const postgres = await startTestPostgres();
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query<{ table: string; column: string }>(
    `select n.nspname || '.' || c.relname as table, a.attname as column
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname = 'followme' and c.relkind in ('r', 'p') and c.relname <> 'schema_migration'`,
  );
  await client.end();
  await postgres.stop();
  const made = new Set(rows.map(({ table, column }) => `${table}.${column}`));
  const typed = Object.entries(TABLES).flatMap(([table, columns]) =>
    Object.keys(columns).map((column) => `${table}.${column}`),
  );
  expect(typed.sort()).toEqual([...made].sort());
});
