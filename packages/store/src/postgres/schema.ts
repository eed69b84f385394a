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
  rules_revision: Int8WithDefault;
  is_provider: Generated<boolean>;
}

interface TenantAlertingTable {
  tenant_id: number;
  alerts_revision: Int8WithDefault;
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
  committed_seq: Int8WithDefault;
  state_seq: Int8WithDefault;
  commits: Int8WithDefault;
}

interface LaneLeaseTable {
  consumer: string;
  lane: number;
  owner: string | null;
  lease_until: OptionalTime;
}

interface LaneMemberTable {
  consumer: string;
  owner: string;
  seen_until: Time;
}

interface FenceTable {
  id: Generated<number>;
  tenant_id: number;
  name: string;
  created_at: TimeWithDefault;
  deleted_at: OptionalTime;
  version: Int8;
  import_id: number | null;
}

interface FenceVersionTable {
  tenant_id: number;
  fence_id: number;
  from_version: Int8;
  /** First fences version in which this form no longer holds; null while it does. */
  to_version: Int8 | null;
  name: string;
  shape: Json;
  /** Whom it is for; null is every tracker of the tenant. */
  group_ids: number[] | null;
}

interface FenceImportTable {
  id: Generated<number>;
  tenant_id: number;
  name: string;
  state: ColumnType<string, string | undefined, string>;
  created_by: number;
  created_at: TimeWithDefault;
  /** Whom its fences are for; null is every tracker. */
  group_ids: number[] | null;
  /** The fences version its fences began in; null before, and for one without places. */
  version: Int8 | null;
  places: Generated<number>;
}

interface FenceImportPlaceTable {
  tenant_id: number;
  import_id: number;
  position: number;
  name: string;
  shape: Json;
}

interface WebhookTable {
  id: Generated<number>;
  tenant_id: number;
  name: string;
  url: string;
  secret: string;
  enabled: Generated<boolean>;
  created_at: TimeWithDefault;
  deleted_at: OptionalTime;
}

interface RuleTable {
  id: Generated<number>;
  tenant_id: number;
  name: string;
  enabled: Generated<boolean>;
  severity: string;
  trigger: Json;
  /** Null is every tracker. */
  group_ids: number[] | null;
  recipient_ids: Generated<number[]>;
  webhook_ids: Generated<number[]>;
  cool_down_s: Generated<number>;
  escalate_after_s: number | null;
  escalate_to_ids: Generated<number[]>;
  version: Generated<number>;
  created_at: TimeWithDefault;
  deleted_at: OptionalTime;
}

interface AlertTable {
  id: Generated<number>;
  tenant_id: number;
  revision: Int8;
  key: string;
  state: ColumnType<string, string | undefined, string>;
  severity: string;
  kind: string;
  rule_id: number | null;
  rule_name: string | null;
  tracker_id: number;
  fence_id: number | null;
  fence_name: string | null;
  transition: string | null;
  alarm: string | null;
  occurrences: Generated<number>;
  first_time: Time;
  last_time: Time;
  raised_at: Time;
  last_raised_at: Time;
  notified_at: OptionalTime;
  repeated_at: OptionalTime;
  lon: number | null;
  lat: number | null;
  acknowledged_at: OptionalTime;
  acknowledged_by: number | null;
  assigned_to: number | null;
  closed_at: OptionalTime;
  closed_by: number | null;
  escalates_at: OptionalTime;
}

interface AlertEntryTable {
  id: ColumnType<string, never, never>;
  tenant_id: number;
  alert_id: number;
  at: Time;
  /** Null is the system. */
  user_id: number | null;
  kind: string;
  comment: string | null;
  about_user_id: number | null;
}

interface DeliveryTable {
  id: string;
  tenant_id: number;
  dedupe_key: string;
  alert_id: number | null;
  rule_id: number | null;
  purpose: string;
  channel: string;
  user_id: number | null;
  webhook_id: number | null;
  address: string;
  content: Json;
  state: ColumnType<string, string | undefined, string>;
  attempts: Generated<number>;
  not_before: Time;
  while_open: Generated<boolean>;
  critical: Generated<boolean>;
  created_at: Time;
  settled_at: OptionalTime;
  last_detail: string | null;
}

interface DeliveryAttemptTable {
  id: ColumnType<string, never, never>;
  tenant_id: number;
  delivery_id: string;
  at: Time;
  took_ms: number;
  outcome: string;
  detail: string | null;
}

interface TenantSettingsTable {
  tenant_id: number;
  version: Generated<number>;
  brand_name: string | null;
  brand_colour: string | null;
  logo: Buffer | null;
  logo_type: string | null;
  language: string | null;
  map: Json | null;
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
  'followme.lane_lease': LaneLeaseTable;
  'followme.lane_member': LaneMemberTable;
  'followme.log_claim': LogClaimTable;
  'followme.fence': FenceTable;
  'followme.fence_version': FenceVersionTable;
  'followme.geofence_tracker_state': GeofenceTrackerStateTable;
  'followme.geofence_lane_fences': GeofenceLaneFencesTable;
  'followme.geofence_lane_marks': GeofenceLaneMarksTable;
  'followme.fence_event': FenceEventTable;
  'followme.fence_import': FenceImportTable;
  'followme.fence_import_place': FenceImportPlaceTable;
  'followme.webhook': WebhookTable;
  'followme.rule': RuleTable;
  'followme.alert': AlertTable;
  'followme.alert_entry': AlertEntryTable;
  'followme.delivery': DeliveryTable;
  'followme.delivery_attempt': DeliveryAttemptTable;
  'followme.tenant_settings': TenantSettingsTable;
  'followme.tenant_alerting': TenantAlertingTable;
}
