/**
 * What the socket may say, parsed from text. The spelling (`sattelites`) is that of the captured protocol and
 * stays. Fields we do not know are ignored, frames we cannot read are named, never guessed.
 */

import type { AlertReply } from '@followme/contracts';
import { parseAlert } from '../alerts/parse-alert.ts';
import { type Fields, fieldsOf, idOrNull, numberOrNull, timeOrNull } from './read-fields.ts';

/** One position of a tracker as the app uses it. */
export interface Fix {
  readonly trackerId: number;
  readonly name: string;
  readonly groupIds: readonly number[];
  readonly lon: number;
  readonly lat: number;
  /** False when the device had no fix: the place is then its last one. */
  readonly valid: boolean;
  readonly altitudeM: number | null;
  /** Time of the fix, ms since 1970 UTC. */
  readonly fixMs: number;
  readonly speedKmh: number | null;
  /** Degrees clockwise from north. */
  readonly headingDeg: number | null;
  readonly batteryPct: number | null;
  readonly charging: boolean | null;
  readonly satellitesInUse: number | null;
  readonly satellitesInView: number | null;
  /** Radius within which the device believes to be, metres. */
  readonly accuracyM: number | null;
}

/** A tracker crossed the edge of a place. */
export interface Crossing {
  readonly eventId: string;
  readonly kind: 'enter' | 'exit';
  readonly trackerId: number;
  readonly fenceId: number;
  readonly fenceName: string;
  readonly fixMs: number;
}

export type SocketFrame =
  | { readonly header: 'identificationResponse'; readonly success: boolean }
  | { readonly header: 'cache'; readonly fixes: readonly Fix[] }
  | { readonly header: 'locationUpdate'; readonly fix: Fix }
  | {
      readonly header: 'trackerNamed';
      readonly trackerId: number;
      readonly name: string;
      readonly groupIds: readonly number[];
    }
  | { readonly header: 'trackerRemoved'; readonly trackerId: number }
  | { readonly header: 'event'; readonly crossing: Crossing }
  | { readonly header: 'alert'; readonly alert: AlertReply }
  | { readonly header: 'fencesChanged' }
  | { readonly header: 'ping' }
  | { readonly header: 'unknown' };

/** A name as the app shows it: a nameless tracker is called by its number. */
function nameOf(value: unknown, id: number): string {
  return typeof value === 'string' && value !== '' ? value : `#${id}`;
}

function idsOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(idOrNull).filter((id) => id !== null) : [];
}

/** Reads the `data` of a location update; null when it has no tracker, time or place on earth. */
function parseFix(value: unknown): Fix | null {
  const data = fieldsOf(value);
  const location = fieldsOf(data['location']);
  const satellites = fieldsOf(data['sattelites']);
  const trackerId = idOrNull(data['tracker']);
  const fixMs = timeOrNull(data['timestamp']);
  const lon = numberOrNull(location['longitude']);
  const lat = numberOrNull(location['latitude']);
  if (trackerId === null || fixMs === null || lon === null || lat === null) return null;
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
  return {
    trackerId,
    name: nameOf(data['name'], trackerId),
    groupIds: idsOf(data['groups']),
    lon,
    lat,
    // a server that says nothing of it sends places it trusts
    valid: data['valid'] !== false,
    altitudeM: numberOrNull(location['altitude']),
    fixMs,
    speedKmh: numberOrNull(data['speed']),
    headingDeg: numberOrNull(data['heading']),
    batteryPct: numberOrNull(data['batteryLevel']),
    charging: typeof data['charging'] === 'boolean' ? data['charging'] : null,
    satellitesInUse: numberOrNull(satellites['inUse']),
    satellitesInView: numberOrNull(satellites['inView']),
    accuracyM: numberOrNull(data['accuracy']),
  };
}

/** Reads one crossing, from the socket or from the list of events; null when something essential is missing. */
export function parseCrossing(value: unknown): Crossing | null {
  const data = fieldsOf(value);
  const trackerId = idOrNull(data['trackerId']);
  const fenceId = idOrNull(data['fenceId']);
  const fixMs = timeOrNull(data['fixTime']);
  const { eventId, kind, fenceName } = data;
  if (typeof eventId !== 'string' || (kind !== 'enter' && kind !== 'exit')) return null;
  if (trackerId === null || fenceId === null || fixMs === null) return null;
  return { eventId, kind, trackerId, fenceId, fenceName: nameOf(fenceName, fenceId), fixMs };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads that a tracker came, was renamed or went. */
function parseRosterFrame(header: 'trackerNamed' | 'trackerRemoved', data: Fields): SocketFrame {
  const trackerId = idOrNull(data['tracker']);
  if (trackerId === null) return { header: 'unknown' };
  if (header === 'trackerRemoved') return { header, trackerId };
  return {
    header,
    trackerId,
    name: nameOf(data['name'], trackerId),
    groupIds: idsOf(data['groups']),
  };
}

/** Reads one text frame. What cannot be read becomes `unknown`, so that one bad frame never ends a session. */
export function parseFrame(text: string): SocketFrame {
  const frame = fieldsOf(parseJson(text));
  switch (frame['header']) {
    case 'ping':
      return { header: 'ping' };
    case 'identificationResponse':
      return {
        header: 'identificationResponse',
        success: fieldsOf(frame['data'])['success'] === true,
      };
    case 'cache': {
      const list = Array.isArray(frame['data']) ? frame['data'] : [];
      return { header: 'cache', fixes: list.map(parseFix).filter((fix) => fix !== null) };
    }
    case 'locationUpdate': {
      const fix = parseFix(frame['data']);
      return fix === null ? { header: 'unknown' } : { header: 'locationUpdate', fix };
    }
    case 'trackerNamed':
    case 'trackerRemoved':
      return parseRosterFrame(frame['header'], fieldsOf(frame['data']));
    case 'fencesChanged':
      return { header: 'fencesChanged' };
    case 'alert': {
      const alert = parseAlert(frame['data']);
      return alert === null ? { header: 'unknown' } : { header: 'alert', alert };
    }
    case 'event': {
      const crossing = parseCrossing(frame['data']);
      return crossing === null ? { header: 'unknown' } : { header: 'event', crossing };
    }
    default:
      return { header: 'unknown' };
  }
}
