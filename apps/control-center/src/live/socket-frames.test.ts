import { describe, expect, test } from 'vitest';
import { parseFrame } from './socket-frames.ts';

const DATA = {
  speed: 36,
  location: { longitude: 5.1, latitude: 52.1, altitude: 4 },
  timestamp: '2026-11-22T12:00:00.000Z',
  charging: null,
  tracker: 17,
  groups: [3],
  batteryLevel: 66,
  heading: 90,
  sattelites: { inUse: 6, inView: 14 },
  name: '0391',
};

function update(parts: object): string {
  return JSON.stringify({ header: 'locationUpdate', data: { ...DATA, ...parts } });
}

describe('frames of the socket', () => {
  test('a location update is read with the spelling of the captured protocol', () => {
    expect(parseFrame(update({}))).toEqual({
      header: 'locationUpdate',
      fix: {
        trackerId: 17,
        name: '0391',
        groupIds: [3],
        lon: 5.1,
        lat: 52.1,
        valid: true,
        altitudeM: 4,
        fixMs: Date.UTC(2026, 10, 22, 12),
        speedKmh: 36,
        headingDeg: 90,
        batteryPct: 66,
        charging: null,
        satellitesInUse: 6,
        satellitesInView: 14,
        accuracyM: null,
      },
    });
  });

  test.each([
    ['no tracker', { tracker: 0 }],
    ['no time', { timestamp: 'yesterday' }],
    ['no place', { location: { longitude: null, latitude: 52 } }],
    ['a place that is not on earth', { location: { longitude: 5, latitude: 91 } }],
  ])('an update with %s is unknown, not guessed', (_, parts) => {
    expect(parseFrame(update(parts))).toEqual({ header: 'unknown' });
  });

  test('a fix that the server calls invalid is kept as such', () => {
    expect(parseFrame(update({ valid: false }))).toMatchObject({ fix: { valid: false } });
  });

  test('a nameless tracker is called by its number', () => {
    expect(parseFrame(update({ name: '' }))).toMatchObject({ fix: { name: '#17' } });
  });

  test('one unreadable entry does not spoil a cache', () => {
    const frame = parseFrame(JSON.stringify({ header: 'cache', data: [DATA, {}, null, 4] }));
    expect(frame).toMatchObject({ header: 'cache', fixes: [{ trackerId: 17 }] });
    expect(frame.header === 'cache' && frame.fixes).toHaveLength(1);
  });

  test('a crossing is read from an event', () => {
    const data = {
      eventId: 'e1',
      kind: 'exit',
      trackerId: 17,
      fenceId: 4,
      fenceName: 'Depot',
      fixTime: DATA.timestamp,
    };
    expect(parseFrame(JSON.stringify({ header: 'event', data }))).toMatchObject({
      crossing: { eventId: 'e1', kind: 'exit', trackerId: 17, fenceId: 4, fenceName: 'Depot' },
    });
  });

  test('what became of the registry and of fences is read', () => {
    const read = (header: string, data?: unknown) => parseFrame(JSON.stringify({ header, data }));
    expect(read('trackerNamed', { tracker: 7, name: 'Van', groups: [1] })).toEqual({
      header: 'trackerNamed',
      trackerId: 7,
      name: 'Van',
      groupIds: [1],
    });
    expect(read('trackerNamed', { tracker: 7 })).toMatchObject({ name: '#7' });
    expect(read('trackerRemoved', { tracker: 7 })).toEqual({
      header: 'trackerRemoved',
      trackerId: 7,
    });
    expect(read('fencesChanged')).toEqual({ header: 'fencesChanged' });
    expect(read('trackerRemoved', {})).toEqual({ header: 'unknown' });
    expect(read('trackerNamed', { tracker: -1, name: 'x' })).toEqual({ header: 'unknown' });
  });

  test.each(['', 'null', '[]', '{"header":"news"}', '{"header":', '{"header":"event","data":{}}'])(
    'text that is no frame of ours is unknown: %s',
    (text) => {
      expect(parseFrame(text)).toEqual({ header: 'unknown' });
    },
  );

  test('only success true is a success', () => {
    const answer = (data: unknown) =>
      parseFrame(JSON.stringify({ header: 'identificationResponse', data }));
    expect(answer({ success: true })).toMatchObject({ success: true });
    expect(answer({ success: false, code: 'X' })).toMatchObject({ success: false });
    expect(answer({})).toMatchObject({ success: false });
  });
});
