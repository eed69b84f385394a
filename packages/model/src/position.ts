import type { TenantId, TrackerId } from './ids.ts';

/** Alarms a device can raise; the number is what a position row stores, so the order never changes. */
export const ALARMS = [
  'none',
  'sos',
  'fall',
  'lowBattery',
  'powerCut',
  'overspeed',
  'tamper',
  'vibration',
  'fault',
  'geofence',
  'accident',
  'towing',
  'idling',
  'jamming',
] as const;
/** An alarm a device can raise. */
export type Alarm = (typeof ALARMS)[number];

/** Values that only edges read: JSON scalars and arrays of them. */
export type AttributeValue = string | number | boolean | readonly (string | number)[];
/** What a device sent beyond the typed fields, units in the names; rules never read it. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/**
 * One report of where a tracker was, as objects for the edges of the system (API, command line, tests).
 * On the hot path the same content is a row: see `position-row.ts`.
 */
export interface Position {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  /** When the device took the fix, ms since 1970 UTC; the received time where the device's was impossible. */
  readonly fixTimeMs: number;
  /** When we received it, ms since 1970 UTC. */
  readonly receivedTimeMs: number;
  /** Degrees, WGS 84, −180 … 180. */
  readonly lon: number;
  /** Degrees, WGS 84, −90 … 90. */
  readonly lat: number;
  /** Whether the device calls the fix valid (enough satellites). */
  readonly valid: boolean;
  /** The device's clock was impossible: its raw value is in `attributes.rawFixTimeMs`. */
  readonly timeSuspect: boolean;
  readonly speedMps: number | null;
  /** Degrees clockwise from true north, 0 … 360. */
  readonly headingDeg: number | null;
  readonly altitudeM: number | null;
  /** Radius of the 68 % circle in metres when the device states it. */
  readonly accuracyM: number | null;
  readonly batteryPct: number | null;
  readonly charging: boolean | null;
  readonly satellitesInUse: number | null;
  readonly alarm: Alarm;
  /** The family's own event number, 0 when there is none. */
  readonly eventCode: number;
  /** 16 hexadecimal digits: with tracker and fix time the identity of the fix. */
  readonly contentHash: string;
  readonly attributes: Attributes;
}
