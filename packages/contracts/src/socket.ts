/**
 * The captured socket protocol, version 1: JSON text messages, one object each, told apart by `header`,
 * spelling as captured (`sattelites`). The order on a socket is: the client's key, our
 * `identificationResponse`, one `cache`, then `locationUpdate`, `event` and a `ping` every second as they
 * come. Four headers are not of the capture and may be passed over by clients that do not know them:
 * `trackerNamed` and `trackerRemoved` (the registry changed), `fencesChanged` (ask for fences again) and
 * `alert` (a card was made or changed).
 *
 * Writing is by one `encode…` function per message; a position is encoded once and its bytes go to every
 * viewer.
 */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ErrorCode } from './errors.ts';
import { AlertSchema, type AlertReply } from './http/alert.ts';
import { EventSchema, type EventReply } from './http/event.ts';
import { SignedInTenantSchema, SignedInUserSchema, type SessionReply } from './http/session.ts';
import { IdSchema, LatSchema, LonSchema, nullable } from './http/common.ts';

/** Most characters of a session key. */
const MAX_KEY_CHARS = 200;

/** What a client sends, within ten seconds of opening. */
export const IdentifyMessageSchema = Type.Object(
  { sessionKey: Type.String({ minLength: 1, maxLength: MAX_KEY_CHARS }) },
  { additionalProperties: false },
);
/** See `IdentifyMessageSchema`. */
export type IdentifyMessage = Static<typeof IdentifyMessageSchema>;

/** Where a tracker is, as captured; `valid` and `accuracy` are ours and come behind what was captured. */
export const LocationDataSchema = Type.Object(
  {
    speed: nullable(Type.Number({ description: 'km/h' })),
    location: Type.Object(
      {
        longitude: LonSchema,
        latitude: LatSchema,
        altitude: nullable(Type.Number({ description: 'metres' })),
      },
      { additionalProperties: false },
    ),
    timestamp: Type.String({ description: 'Time of the fix, ISO 8601 in UTC with milliseconds' }),
    charging: nullable(Type.Boolean()),
    tracker: IdSchema,
    groups: Type.Array(IdSchema, { description: 'Groups of the tracker that this session sees' }),
    batteryLevel: nullable(Type.Number({ description: 'percent' })),
    heading: nullable(Type.Number({ description: 'degrees clockwise from true north' })),
    sattelites: Type.Object(
      { inUse: nullable(Type.Integer()), inView: nullable(Type.Integer()) },
      { additionalProperties: false },
    ),
    name: Type.String(),
    valid: Type.Boolean({
      description: 'Whether the device had a fix; without one the place is its last',
    }),
    accuracy: nullable(
      Type.Number({ description: 'Radius within which the device believes to be, metres' }),
    ),
  },
  { additionalProperties: false },
);
/** See `LocationDataSchema`. */
export type LocationData = Static<typeof LocationDataSchema>;

/** A tracker that has never reported: there is no place yet to tell in a `locationUpdate`. */
export const TrackerNamedDataSchema = Type.Object(
  {
    tracker: IdSchema,
    name: Type.String(),
    groups: Type.Array(IdSchema, { description: 'Groups of the tracker that this session sees' }),
  },
  { additionalProperties: false },
);
/** See `TrackerNamedDataSchema`. */
export type TrackerNamedData = Static<typeof TrackerNamedDataSchema>;

/** Everything a server sends, told apart by `header`. */
export const ServerMessageSchema = Type.Union([
  Type.Object({
    header: Type.Literal('identificationResponse'),
    data: Type.Union([
      Type.Object({
        success: Type.Literal(true),
        user: SignedInUserSchema,
        tenant: SignedInTenantSchema,
      }),
      Type.Object({ success: Type.Literal(false), code: Type.String() }),
    ]),
  }),
  Type.Object({ header: Type.Literal('cache'), data: Type.Array(LocationDataSchema) }),
  Type.Object({ header: Type.Literal('locationUpdate'), data: LocationDataSchema }),
  Type.Object({ header: Type.Literal('trackerNamed'), data: TrackerNamedDataSchema }),
  Type.Object({
    header: Type.Literal('trackerRemoved'),
    data: Type.Object({ tracker: IdSchema }, { additionalProperties: false }),
  }),
  Type.Object({ header: Type.Literal('event'), data: EventSchema }),
  Type.Object({ header: Type.Literal('alert'), data: AlertSchema }),
  Type.Object({ header: Type.Literal('fencesChanged') }),
  Type.Object({ header: Type.Literal('ping') }),
]);
/** See `ServerMessageSchema`. */
export type ServerMessage = Static<typeof ServerMessageSchema>;

const identifyMessage = Compile(IdentifyMessageSchema);

/** Reads a client's message; null when it is not JSON or not the one message there is. */
export function parseIdentifyMessage(text: string): IdentifyMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return identifyMessage.Check(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * One position as JSON text, the element of a `cache` and the data of a `locationUpdate`. Putting the text
 * together by hand was measured and gained nothing (1.6 against 1.8 µs).
 */
export function encodeLocationData(data: LocationData): string {
  return JSON.stringify(data);
}

/** A `locationUpdate` around a position that `encodeLocationData` wrote. */
export function encodeLocationUpdate(encodedData: string): string {
  return `{"header":"locationUpdate","data":${encodedData}}`;
}

/** What a `cache` begins with; then encoded positions with commas between them, then `CACHE_END`. */
export const CACHE_START = '{"header":"cache","data":[';
/** See `CACHE_START`. */
export const CACHE_END = ']}';

/** The heartbeat of the captured protocol. */
export function encodePing(): string {
  return '{"header":"ping"}';
}

/** A tracker without a report came into view or got another name or other groups. */
export function encodeTrackerNamed(data: TrackerNamedData): string {
  return JSON.stringify({ header: 'trackerNamed', data });
}

/** A tracker was retired or went out of view: nothing more is told of it. */
export function encodeTrackerRemoved(tracker: number): string {
  return `{"header":"trackerRemoved","data":{"tracker":${tracker}}}`;
}

/** Fences of the tenant changed: what `/api/fences` answered before is old. */
export function encodeFencesChanged(): string {
  return '{"header":"fencesChanged"}';
}

/** An alert about a tracker this session sees, as it is now. */
export function encodeAlert(alert: AlertReply): string {
  return JSON.stringify({ header: 'alert', data: alert });
}

/** A crossing of a tracker this session sees. */
export function encodeEvent(event: EventReply): string {
  return JSON.stringify({ header: 'event', data: event });
}

/** The answer to a key: who is on the socket, or why nobody is. */
export function encodeIdentificationResponse(
  outcome: ({ success: true } & SessionReply) | { success: false; code: ErrorCode },
): string {
  return JSON.stringify({ header: 'identificationResponse', data: outcome });
}
