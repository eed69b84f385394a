/**
 * The tables as the query builder knows them. The truth is `migrations/*.sql`; a test compares the two.
 * Keys carry the schema, so that no statement depends on a `search_path`. 64-bit counters arrive as text
 * (they are cast to `float8` where a statement reads them), times as `Date` with milliseconds.
 */
import type { ColumnType, Generated } from 'kysely';

type Int8 = ColumnType<string, number, number>;
type Int8WithDefault = ColumnType<string, number | undefined, number>;
type Time = ColumnType<Date, Date, Date>;
type TimeWithDefault = ColumnType<Date, Date | undefined, Date>;
type OptionalTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Json = ColumnType<unknown, string, string>;

interface TenantTable {
  id: Generated<number>;
  slug: string;
  name: string;
  created_at: TimeWithDefault;
  suspended_at: OptionalTime;
  registry_revision: Int8WithDefault;
  fences_version: Int8WithDefault;
  fences_announced_version: Int8WithDefault;
  is_provider: Generated<boolean>;
}

interface TenantHostTable {
  host: string;
  tenant_id: number;
}

interface AppUserTable {
  id: Generated<number>;
  tenant_id: number;
  /** Lower case, unique in its tenant. */
  email: string;
  name: string;
  password_hash: string;
  role: string;
  sees_all: boolean;
  created_at: TimeWithDefault;
  disabled_at: OptionalTime;
}

interface SessionTable {
  /** SHA-256 of the token; the token itself is nowhere. */
  token_hash: Buffer;
  tenant_id: number;
  user_id: number;
  created_at: Time;
  expires_at: Time;
  last_seen_at: Time;
  socket_key_hash: Buffer | null;
  socket_key_expires_at: OptionalTime;
}

interface UserGroupTable {
  id: Generated<number>;
  tenant_id: number;
  name: string;
  created_at: TimeWithDefault;
}

interface UserGroupMemberTable {
  tenant_id: number;
  group_id: number;
  user_id: number;
}

interface GroupTrackerTable {
  tenant_id: number;
  group_id: number;
  tracker_id: number;
}

interface TrackerTable {
  id: Generated<number>;
  tenant_id: number;
  name: string;
  created_at: TimeWithDefault;
  retired_at: OptionalTime;
  revision: Int8;
}

interface DeviceTable {
  id: Generated<number>;
  tenant_id: number;
  tracker_id: number;
  protocol: string;
  identifier: string;
  created_at: TimeWithDefault;
  retired_at: OptionalTime;
  revision: Int8;
}

interface UnknownDeviceTable {
  protocol: string;
  identifier: string;
  first_seen: Time;
  last_seen: Time;
  frames: Int8;
}

interface PositionTable {
  tenant_id: number;
  tracker_id: number;
  fix_time: Time;
  /** The 64 bits of `Position.contentHash` as a signed number. */
  content_hash: Int8;
  received_time: Time;
  lon: number;
  lat: number;
  flags: number;
  alarm: number;
  event_code: number;
  speed_mps: number | null;
  heading_deg: number | null;
  altitude_m: number | null;
  accuracy_m: number | null;
  battery_pct: number | null;
  satellites: number | null;
  attributes: Json | null;
}

interface TrackerLastTable extends PositionTable {
  lane: number;
}

interface LaneProgressTable {
  consumer: string;
  lane: number;
  epoch: Int8;
  owner: string | null;
  lease_until: OptionalTime;
  committed_seq: Int8WithDefault;
  state_seq: Int8WithDefault;
  commits: Int8WithDefault;
}

interface FenceTable {
  id: Generated<number>;
  tenant_id: number;
  name: string;
  created_at: TimeWithDefault;
  deleted_at: OptionalTime;
  version: Int8;
}

interface FenceVersionTable {
  tenant_id: number;
  fence_id: number;
  from_version: Int8;
  /** First fences version in which this form no longer holds; null while it does. */
  to_version: Int8 | null;
  name: string;
  shape: Json;
}

interface LogClaimTable {
  /** True: there is one row at most. */
  is_the_one: Generated<boolean>;
  identity: string;
  claimed_at: TimeWithDefault;
}

interface GeofenceTrackerStateTable {
  tracker_id: number;
  tenant_id: number;
  lane: number;
  /** The lane's commit that wrote the row. */
  commit_no: Int8;
  event_seq: Int8;
  last_fix_time_ms: number;
  lon_e7: number;
  lat_e7: number;
  inside: number[];
}

interface GeofenceLaneFencesTable {
  lane: number;
  tenant_id: number;
  fences_version: Int8;
}

interface GeofenceLaneMarksTable {
  lane: number;
  commit_no: Int8;
  marks: Buffer;
}

interface FenceEventTable {
  event_id: string;
  tenant_id: number;
  tracker_id: number;
  event_seq: Int8;
  fence_id: number;
  fence_name: string;
  fences_version: Int8;
  kind: string;
  reason: string;
  initial: boolean;
  fix_time: Time;
  received_time: Time;
  lon: number;
  lat: number;
  lane: number;
  sent: Generated<boolean>;
}

/** Every table of the installation, by schema and name. */
export interface Database {
  'followme.tenant': TenantTable;
  'followme.tenant_host': TenantHostTable;
  'followme.app_user': AppUserTable;
  'followme.session': SessionTable;
  'followme.user_group': UserGroupTable;
  'followme.user_group_member': UserGroupMemberTable;
  'followme.group_tracker': GroupTrackerTable;
  'followme.tracker': TrackerTable;
  'followme.device': DeviceTable;
  'followme.unknown_device': UnknownDeviceTable;
  'followme.position': PositionTable;
  'followme.tracker_last': TrackerLastTable;
  'followme.lane_progress': LaneProgressTable;
  'followme.log_claim': LogClaimTable;
  'followme.fence': FenceTable;
  'followme.fence_version': FenceVersionTable;
  'followme.geofence_tracker_state': GeofenceTrackerStateTable;
  'followme.geofence_lane_fences': GeofenceLaneFencesTable;
  'followme.geofence_lane_marks': GeofenceLaneMarksTable;
  'followme.fence_event': FenceEventTable;
}
