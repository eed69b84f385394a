import { sql } from 'kysely';

/** The columns of a `FenceEvent`, from `followme.fence_event e`. */
export const eventColumns = sql`
  e.event_id as "eventId", e.tenant_id as "tenantId", e.tracker_id as "trackerId",
  e.fence_id as "fenceId", e.fence_name as "fenceName", e.fences_version::float8 as "fencesVersion",
  e.kind, e.reason, e.event_seq::float8 as "eventSeq", e.initial,
  followme.epoch_ms(e.fix_time) as "fixTimeMs", followme.epoch_ms(e.received_time) as "receivedTimeMs",
  e.lon, e.lat
`;
