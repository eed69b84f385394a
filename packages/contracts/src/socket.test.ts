import { readFile } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { AlertSchema } from './http/alert.ts';
import { EventSchema } from './http/event.ts';
import {
  CACHE_END,
  CACHE_START,
  encodeAlert,
  encodeEvent,
  encodeFencesChanged,
  encodeIdentificationResponse,
  encodeLocationData,
  encodeLocationUpdate,
  encodePing,
  encodeTrackerNamed,
  encodeTrackerRemoved,
  LocationDataSchema,
  parseIdentifyMessage,
  ServerMessageSchema,
  type LocationData,
} from './socket.ts';

const documentation = new URL('../../../docs/api.md', import.meta.url);
const serverMessage = Compile(ServerMessageSchema);

/** The update of the brief, as captured. */
const captured: LocationData = {
  speed: 0,
  location: { longitude: 4.750464, latitude: 52.303345, altitude: 62.7 },
  timestamp: '2016-09-15T11:48:13.000Z',
  charging: null,
  tracker: 2779,
  groups: [892],
  batteryLevel: 66,
  heading: 0,
  sattelites: { inUse: 6, inView: 14 },
  name: '0391',
  valid: true,
  accuracy: null,
};

describe('the captured socket protocol', () => {
  test('a locationUpdate has the captured keys in the captured order, then those of ours', () => {
    expect(encodeLocationUpdate(encodeLocationData(captured))).toBe(
      '{"header":"locationUpdate","data":{"speed":0,"location":{"longitude":4.750464,' +
        '"latitude":52.303345,"altitude":62.7},"timestamp":"2016-09-15T11:48:13.000Z",' +
        '"charging":null,"tracker":2779,"groups":[892],"batteryLevel":66,"heading":0,' +
        '"sattelites":{"inUse":6,"inView":14},"name":"0391",' +
        '"valid":true,"accuracy":null}}',
    );
  });

  test('a position is encoded as JSON.stringify would, names with quotes and unknowns included', () => {
    const odd: LocationData = {
      ...captured,
      speed: null,
      location: { longitude: -1e-7, latitude: -90, altitude: null },
      charging: true,
      groups: [1, 2],
      batteryLevel: null,
      heading: null,
      sattelites: { inUse: null, inView: null },
      name: 'A "quoted" \\ name\n😀\u2028',
    };
    expect(encodeLocationData(odd)).toBe(JSON.stringify(odd));
  });

  test('a number that is none becomes null, never broken JSON', () => {
    const text = encodeLocationData({ ...captured, speed: Number.NaN, heading: Infinity });
    expect(JSON.parse(text)).toMatchObject({ speed: null, heading: null });
  });

  test('docs/api.md names every header and every field of a location, an event and an alert', async () => {
    const text = await readFile(documentation, 'utf8');
    const headers = ServerMessageSchema.anyOf.map(({ properties }) => properties.header.const);
    for (const header of headers) expect(text).toContain(`| \`${header}\``);
    const { location, sattelites, ...plain } = LocationDataSchema.properties;
    const fields = [
      ...Object.keys(plain),
      ...Object.keys(location.properties).map((name) => `location.${name}`),
      ...Object.keys(sattelites.properties).map((name) => `sattelites.${name}`),
    ];
    for (const field of fields) expect(text).toContain(`| \`${field}\``);
    const told = [...Object.keys(EventSchema.properties), ...Object.keys(AlertSchema.properties)];
    for (const field of told) expect(text).toContain(`"${field}"`);
  });

  test.each([
    ['ping', encodePing()],
    ['trackerNamed', encodeTrackerNamed({ tracker: 7, name: 'A "van"', groups: [1] })],
    ['trackerRemoved', encodeTrackerRemoved(7)],
    ['fencesChanged', encodeFencesChanged()],
    ['cache', CACHE_START + encodeLocationData(captured) + CACHE_END],
    ['an empty cache', CACHE_START + CACHE_END],
    ['locationUpdate', encodeLocationUpdate(encodeLocationData(captured))],
    [
      'identificationResponse',
      encodeIdentificationResponse({
        success: true,
        user: { id: 1, name: 'A', email: 'a@b.nl', role: 'member' },
        tenant: { id: 1, name: 'T', isProvider: false },
      }),
    ],
    [
      'a refused identificationResponse',
      encodeIdentificationResponse({ success: false, code: 'NOT_SIGNED_IN' }),
    ],
    [
      'event',
      encodeEvent({
        eventId: 'e',
        kind: 'enter',
        reason: 'fix',
        trackerId: 1,
        fenceId: 2,
        fenceName: 'Yard',
        fixTime: '2026-01-01T00:00:00.000Z',
        receivedTime: '2026-01-01T00:00:01.000Z',
        lat: 52,
        lon: 4,
        initial: false,
        eventSeq: 1,
        fencesVersion: 1,
      }),
    ],
    [
      'alert',
      encodeAlert({
        id: 1,
        revision: 2,
        state: 'acknowledged',
        severity: 'high',
        kind: 'fence',
        trackerId: 3,
        trackerName: 'Van',
        fenceId: 4,
        fenceName: 'Yard',
        transition: 'exit',
        alarm: null,
        ruleId: 5,
        ruleName: 'Night',
        occurrences: 1,
        firstTime: '2026-01-01T00:00:00.000Z',
        lastTime: '2026-01-01T00:00:00.000Z',
        raisedTime: '2026-01-01T00:00:01.000Z',
        lastRaisedTime: '2026-01-01T00:00:01.000Z',
        lon: 4,
        lat: null,
        acknowledged: { time: '2026-01-01T00:01:00.000Z', by: { id: 6, name: 'Zoë' } },
        assigned: null,
        closed: null,
        escalates: { time: '2026-01-01T00:02:00.000Z', to: ['Ann'] },
      }),
    ],
  ])('%s fits the schema of server messages', (_, text) => {
    expect(serverMessage.Errors(JSON.parse(text))).toEqual([]);
  });

  test.each([
    ['no JSON', '{'],
    ['an array', '[]'],
    ['a number as key', '{"sessionKey":1}'],
    ['an unknown field', '{"sessionKey":"a","x":1}'],
    ['an empty key', '{"sessionKey":""}'],
    ['a key without end', JSON.stringify({ sessionKey: 'x'.repeat(201) })],
  ])('a client message that is %s is refused', (_, text) => {
    expect(parseIdentifyMessage(text)).toBeNull();
  });

  test('a key is read', () => {
    expect(parseIdentifyMessage('{"sessionKey":"fm_1_abc"}')).toEqual({ sessionKey: 'fm_1_abc' });
  });
});
