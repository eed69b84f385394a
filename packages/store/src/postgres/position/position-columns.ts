import {
  ALARMS,
  FLAG,
  type Attributes,
  type Position,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { sql } from 'kysely';

/** A stored position as a statement with `positionColumns` answers it. */
export interface PositionRecord {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly fixTimeMs: number;
  readonly contentHash: string;
  readonly receivedTimeMs: number;
  readonly lon: number;
  readonly lat: number;
  readonly flags: number;
  readonly alarm: number;
  readonly eventCode: number;
  readonly speedMps: number | null;
  readonly headingDeg: number | null;
  readonly altitudeM: number | null;
  readonly accuracyM: number | null;
  readonly batteryPct: number | null;
  readonly satellitesInUse: number | null;
  readonly attributes: Attributes | null;
}

/** The columns of a `PositionRecord`, from a table called `p` that has the columns of a position. */
export const positionColumns = sql`
  p.tenant_id as "tenantId", p.tracker_id as "trackerId", followme.epoch_ms(p.fix_time) as "fixTimeMs",
  lpad(to_hex(p.content_hash), 16, '0') as "contentHash",
  followme.epoch_ms(p.received_time) as "receivedTimeMs", p.lon, p.lat, p.flags, p.alarm,
  p.event_code as "eventCode", p.speed_mps as "speedMps", p.heading_deg as "headingDeg",
  p.altitude_m as "altitudeM", p.accuracy_m as "accuracyM", p.battery_pct as "batteryPct",
  p.satellites as "satellitesInUse", p.attributes
`;

/** A stored position as the edges of the system know it. */
export function positionOf(record: PositionRecord): Position {
  const { flags, alarm, attributes, ...rest } = record;
  return {
    ...rest,
    valid: (flags & FLAG.valid) !== 0,
    timeSuspect: (flags & FLAG.timeSuspect) !== 0,
    charging: (flags & FLAG.chargingKnown) === 0 ? null : (flags & FLAG.charging) !== 0,
    // an alarm of a newer release reads as none, as in the log
    alarm: ALARMS[alarm] ?? 'none',
    attributes: attributes ?? {},
  };
}
