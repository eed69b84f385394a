export * from './port.ts';
export * from './connect/open-store.ts';
export * from './connect/store-error.ts';
export { parseStoreAddress, type StoreAddress } from './connect/address.ts';
export { poolSizesOf, type PoolSizes } from './connect/pool-sizes.ts';
export {
  APP_ROLE,
  checkLogin,
  checkRoles,
  fitLoginSql,
  SYSTEM_ROLE,
} from './connect/login-check.ts';
export { failureCode, isRetryableFailure } from './connect/retryable.ts';
export { migrate, type MigrationReport } from './migrate/migrate.ts';
export { schemaVersions, type SchemaVersions } from './migrate/schema-version.ts';
export { loadMigrations, MIGRATIONS_FOLDER, type Migration } from './migrate/load-migrations.ts';

export type { Database } from './postgres/schema.ts';
export { MAX_PAGE_ITEMS, type CursorError, type Page } from './postgres/page.ts';

export { type Tenant } from './postgres/tenant/tenant.ts';
export { createTenant, type NewTenant, type TenantTaken } from './postgres/tenant/create-tenant.ts';
export { listTenants } from './postgres/tenant/list-tenants.ts';
export { getTenant } from './postgres/tenant/get-tenant.ts';
export { resolveTenant } from './postgres/tenant/resolve-tenant.ts';

export {
  type SettingsChanged,
  type StoredBaseMap,
  type TenantSettings,
} from './postgres/settings/settings.ts';
export { getSettings } from './postgres/settings/get-settings.ts';
export { getLogo, setLogo, type Logo } from './postgres/settings/logo.ts';
export { updateSettings, type SettingsChange } from './postgres/settings/update-settings.ts';

export {
  type LastAdministrator,
  type User,
  type UserNotFound,
  type UserRole,
  type UserWithGroups,
} from './postgres/user/user.ts';
export { createUser, type EmailTaken, type NewUser } from './postgres/user/create-user.ts';
export { findUserByEmail, type UserWithPassword } from './postgres/user/find-user-by-email.ts';
export { getUser } from './postgres/user/get-user.ts';
export { listColleagues, type Colleague } from './postgres/user/list-colleagues.ts';
export { listUsers } from './postgres/user/list-users.ts';
export { hashPassword, MAX_PASSWORD_LENGTH, verifyPassword } from './postgres/user/password.ts';
export { setPassword } from './postgres/user/set-password.ts';
export { setUserGroups } from './postgres/user/set-user-groups.ts';
export { unknownUserIds } from './postgres/user/unknown-user-ids.ts';
export { updateUser, type UserChange } from './postgres/user/update-user.ts';

export { tenantOfSecret, type Session } from './postgres/session/session.ts';
export { closeSession } from './postgres/session/close-session.ts';
export { findSession } from './postgres/session/find-session.ts';
export { issueSocketKey, SOCKET_KEY_TTL_MS } from './postgres/session/issue-socket-key.ts';
export { loadAudiences, type SessionAudience } from './postgres/session/load-audiences.ts';
export { MAX_SESSIONS_PER_USER, openSession } from './postgres/session/open-session.ts';
export { redeemSocketKey } from './postgres/session/redeem-socket-key.ts';

export { type Group, type GroupNameTaken, type GroupNotFound } from './postgres/group/group.ts';
export { createGroup } from './postgres/group/create-group.ts';
export { deleteGroup } from './postgres/group/delete-group.ts';
export { listGroups } from './postgres/group/list-groups.ts';
export { setGroupMembers } from './postgres/group/set-group-members.ts';
export { setGroupTrackers } from './postgres/group/set-group-trackers.ts';
export { unknownGroupIds } from './postgres/group/unknown-group-ids.ts';
export { updateGroup } from './postgres/group/update-group.ts';

export {
  type DeviceName,
  type DeviceTaken,
  type Tracker,
  type TrackerNotFound,
} from './postgres/tracker/tracker.ts';
export { createTracker, type NewTracker } from './postgres/tracker/create-tracker.ts';
export { getTracker } from './postgres/tracker/get-tracker.ts';
export { groupsOfTrackers } from './postgres/tracker/groups-of-trackers.ts';
export { listTrackers, type TrackerQuery } from './postgres/tracker/list-trackers.ts';
export { retireTracker } from './postgres/tracker/retire-tracker.ts';
export { trackerIdsInService } from './postgres/tracker/tracker-ids-in-service.ts';
export { unknownTrackerIds } from './postgres/tracker/unknown-tracker-ids.ts';
export { updateTracker, type TrackerChange } from './postgres/tracker/update-tracker.ts';
export { visibleTrackerIds } from './postgres/tracker/visible-tracker-ids.ts';

export {
  loadDevices,
  type DeviceRecord,
  type DeviceRegistry,
} from './postgres/registry/load-devices.ts';
export {
  loadTrackers,
  type TrackerRecord,
  type TrackerRegistry,
} from './postgres/registry/load-trackers.ts';
export { registryRevisions, type TenantRevisions } from './postgres/registry/registry-revisions.ts';
export { type SeenRevisions } from './postgres/registry/since.ts';

export {
  listUnknownDevices,
  type UnknownDevice,
} from './postgres/unknown-device/list-unknown-devices.ts';
export {
  MAX_UNKNOWN_DEVICES,
  noteUnknownDevices,
  type UnknownDeviceNote,
} from './postgres/unknown-device/note-unknown-devices.ts';

export {
  STREAM_OF_CONSUMER,
  type Consumer,
  type LaneStretch,
  type Ownership,
} from './postgres/lane-progress/lanes.ts';
export { advanceLanes } from './postgres/lane-progress/advance-lanes.ts';
export { beginLanes } from './postgres/lane-progress/begin-lanes.ts';
export { type HeldLane, type LaneLeases, type LeaseLook, type OwnedLane } from './lanes/port.ts';
export {
  createLaneKeeper,
  type KeeperSettings,
  type LaneKeeper,
  type LaneKeeperDeps,
} from './lanes/lane-keeper.ts';
export { createLaneTask, type LaneTask, type RunningTask } from './lanes/lane-task.ts';
export { type LaneLoss } from './lanes/keeper-metrics.ts';
export { type LaneLease, type LaneSignals, type LaneWork } from './lanes/lane-work.ts';
export { createSqlLaneLeases } from './lanes/sql-lane-leases.ts';
export {
  createMemoryLanes,
  type LaneProgress,
  type MemoryLanes,
  type MemoryLanesDeps,
} from './lanes/memory-lanes.ts';
export { claimedLog, claimLog } from './postgres/lane-progress/claim-log.ts';
export { laneOwners, type LaneOwner } from './postgres/lane-progress/lane-owners.ts';
export { laneSequences, type LaneSequences } from './postgres/lane-progress/lane-sequences.ts';
export { createRetentionStore, type RetentionStore } from './postgres/retention/retention-store.ts';
export { type DroppedDay } from './postgres/retention/drop-day.ts';
export { fixesNear, type FixesNearQuery, type FixNear } from './postgres/position/fixes-near.ts';
export { trail, type TrailQuery } from './postgres/position/trail.ts';
export { loadLastStates, type LastStates } from './postgres/last/load-last-states.ts';
export {
  createRecorderStore,
  type RecorderStore,
  type RecorderStoreDeps,
  type RecordInput,
  type RecordOutcome,
} from './postgres/position/recorder-store.ts';

export { type FenceChanged, type FenceNotFound } from './postgres/fence/fence-columns.ts';
export { createFence } from './postgres/fence/create-fence.ts';
export { deleteFence } from './postgres/fence/delete-fence.ts';
export { fencesAt } from './postgres/fence/fences-at.ts';
export { getFence } from './postgres/fence/get-fence.ts';
export { listFences, type FenceQuery, type FencesPage } from './postgres/fence/list-fences.ts';
export { markFencesAnnounced } from './postgres/fence/mark-fences-announced.ts';
export { unknownFenceIds } from './postgres/fence/unknown-fence-ids.ts';
export { updateFence, type FenceChange } from './postgres/fence/update-fence.ts';
export {
  type FenceImport,
  type ImportNotFound,
  type ImportPlace,
  type ImportState,
} from './postgres/fence/fence-import.ts';
export { createFenceImport } from './postgres/fence/create-fence-import.ts';
export { getFenceImport } from './postgres/fence/get-fence-import.ts';
export { addImportPlaces } from './postgres/fence/add-import-places.ts';
export { commitFenceImport } from './postgres/fence/commit-fence-import.ts';
export { withdrawFenceImport } from './postgres/fence/withdraw-fence-import.ts';
export { listEvents, type EventQuery } from './postgres/event/list-events.ts';

export {
  type Rule,
  type RuleChanged,
  type RuleFields,
  type RuleNotFound,
} from './postgres/rule/rule.ts';
export { createRule } from './postgres/rule/create-rule.ts';
export { deleteRule } from './postgres/rule/delete-rule.ts';
export { getRule } from './postgres/rule/get-rule.ts';
export { loadRules, type TenantRules } from './postgres/rule/load-rules.ts';
export { listRules } from './postgres/rule/list-rules.ts';
export { updateRule, type RuleChange } from './postgres/rule/update-rule.ts';

export {
  type Webhook,
  type WebhookNotFound,
  type WebhookWithSecret,
} from './postgres/webhook/webhook.ts';
export { createWebhook } from './postgres/webhook/create-webhook.ts';
export { deleteWebhook } from './postgres/webhook/delete-webhook.ts';
export { getWebhook } from './postgres/webhook/get-webhook.ts';
export { listWebhooks } from './postgres/webhook/list-webhooks.ts';
export { renewWebhookSecret } from './postgres/webhook/renew-webhook-secret.ts';
export { unknownWebhookIds } from './postgres/webhook/unknown-webhook-ids.ts';
export { updateWebhook, type WebhookChange } from './postgres/webhook/update-webhook.ts';

export {
  type Alert,
  type AlertDeed,
  type AlertNotFound,
  type AlertPerson,
  type VisibleTrackers,
} from './postgres/alert/alert.ts';
export {
  actOnAlert,
  type AlertAction,
  type AlertDoing,
  type AlertStateConflict,
  type AssigneeCannotSee,
  type AssigneeNotFound,
} from './postgres/alert/act-on-alert.ts';
export { alertsSince } from './postgres/alert/alerts-since.ts';
export { getAlert } from './postgres/alert/get-alert.ts';
export {
  listAlertEntries,
  type AlertEntryKind,
  type AlertEntryRow,
} from './postgres/alert/list-alert-entries.ts';
export {
  mailReceivers,
  raisingTrackers,
  tenantVoices,
  webhookReceivers,
  type MailReceiver,
  type RaisingTracker,
  type TenantVoice,
  type WebhookReceiver,
} from './postgres/alert/load-raising.ts';
export { holdAlerts, newestCards } from './postgres/alert/newest-cards.ts';
export { type RaisedAlert } from './postgres/alert/raised-alert.ts';
export {
  closeHeardAgain,
  silentKey,
  silentRules,
  silentTrackers,
  type SilentQuery,
  type SilentRule,
  type SilentTracker,
} from './postgres/alert/silent-trackers.ts';
export { writeCards, type CardToWrite } from './postgres/alert/write-cards.ts';
export { listAlerts, type AlertListQuery } from './postgres/alert/list-alerts.ts';
export {
  tenantAlertRevisions,
  type TenantAlertRevisions,
} from './postgres/alert/tenant-alert-revisions.ts';

export {
  type AttemptOutcome,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryChannel,
  type DeliveryContent,
  type DeliveryNotFound,
  type DeliveryPurpose,
  type DeliveryState,
} from './postgres/delivery/delivery.ts';
export {
  createTestDelivery,
  type ReceiverNotFound,
  type TestReceiver,
} from './postgres/delivery/create-test-delivery.ts';
export {
  addDeliveries,
  type AddedDeliveries,
  type NewDelivery,
} from './postgres/delivery/add-deliveries.ts';
export { deleteSettled } from './postgres/delivery/delete-settled.ts';
export {
  dueCalls,
  dueMails,
  outboxState,
  type DueCall,
  type DueCallsQuery,
  type DueDelivery,
  type DueMail,
  type DueMailsQuery,
} from './postgres/delivery/due-deliveries.ts';
export {
  settleAttempt,
  type SettledAttempt,
  type SettleOutcome,
} from './postgres/delivery/settle-attempt.ts';
export { getDelivery } from './postgres/delivery/get-delivery.ts';
export { listDeliveries, type DeliveryListQuery } from './postgres/delivery/list-deliveries.ts';
export { retryDelivery, type DeliveryStateConflict } from './postgres/delivery/retry-delivery.ts';

export * from './geofence-state/port.ts';
export { createFenceSource } from './geofence-state/fence-source.ts';
export {
  createMemoryGeofenceState,
  type MemoryGeofenceStateDeps,
} from './geofence-state/memory-geofence-state.ts';
export {
  createSqlGeofenceState,
  type SqlGeofenceStateDeps,
} from './geofence-state/sql-geofence-state.ts';
export {
  findEmbeddedServer,
  startEmbeddedServer,
  type EmbeddedAddress,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from './embedded/embedded-server.ts';
export { lockDataFolder, type DataFolderLock } from './lock/data-folder-lock.ts';
