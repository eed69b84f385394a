import { describe, expect, test } from 'vitest';
import { createTrackReader, parseReplayFences, type ReplayLine } from './replay-files.ts';

const square = (id: unknown, from: number, size = 1) => ({
  type: 'Feature',
  id,
  properties: {},
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [from, 0],
        [from + size, 0],
        [from + size, size],
        [from, size],
        [from, 0],
      ],
    ],
  },
});
const circle = {
  type: 'Feature',
  properties: { id: 'harbour', radiusM: 1_000 },
  geometry: { type: 'Point', coordinates: [5.5, 0.5] },
};
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });
const minute = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
const line = (id: unknown, minutes: number, lon: number, lat = 0.5): string =>
  JSON.stringify({ id, fixTime: minute(minutes), lat, lon });

function replay(fences: unknown, lines: readonly string[]): ReplayLine[] {
  const parsed = parseReplayFences(fences);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const reader = createTrackReader(parsed.value);
  return lines.flatMap((text) => {
    const read = reader.read(text);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    return read.value;
  });
}
const short = ({ type, id, fence, initial }: ReplayLine): string =>
  `${id} ${type} ${fence}${initial ? ' initial' : ''}`;

describe('replay', () => {
  test('GF18 a track through fences prints its crossings in order of the track, ids as they came', () => {
    const fences = collection(square('depot', 0), square(7, 2), circle);
    const track = [
      line('van', 0, 0.5),
      line('bike', 0, 9),
      line('van', 1, 1.5),
      line('van', 2, 2.5),
      line('bike', 3, 5.5),
    ];
    expect(replay(fences, track).map(short)).toEqual([
      'van enter depot initial',
      'van exit depot',
      'van enter 7',
      'bike enter harbour',
    ]);
  });

  test('GF18 an event names time and place as the deciding line has them', () => {
    expect(replay(collection(square('a', 0)), [line('van', 4, 0.25)])).toEqual([
      {
        type: 'enter',
        id: 'van',
        fence: 'a',
        fixTime: minute(4),
        initial: true,
        lat: 0.5,
        lon: 0.25,
      },
    ]);
  });

  test('GF12 of one fix exits come first, each kind in the order of the fences', () => {
    const fences = collection(
      square('z', 2, 3),
      square('y', 0, 3),
      square('x', 0, 1),
      square('w', 2, 3),
    );
    expect(replay(fences, [line(1, 0, 0.5), line(1, 1, 4)]).map(short)).toEqual([
      '1 enter y initial',
      '1 enter x initial',
      '1 exit y',
      '1 exit x',
      '1 enter z',
      '1 enter w',
    ]);
  });

  test('GF13 a late line changes nothing', () => {
    const track = [line(1, 5, 0.5), line(1, 4, 9), line(1, 5, 9), line(1, 6, 0.6)];
    expect(replay(collection(square('a', 0)), track).map(short)).toEqual(['1 enter a initial']);
  });

  test('GF5 a place on an edge is inside, also of the neighbour', () => {
    expect(replay(collection(square('a', 0), square('b', 1)), [line(1, 0, 1)]).map(short)).toEqual([
      '1 enter a initial',
      '1 enter b initial',
    ]);
  });

  test.each([
    ['no collection', { type: 'Feature' }, 'NOT_A_FEATURE_COLLECTION'],
    ['a feature without an id', collection(square(undefined, 0)), 'FENCE_WITHOUT_ID'],
    ['an id twice', collection(square('a', 0), square('a', 2)), 'DUPLICATE_FENCE_ID'],
    ['a bad fence', collection(square('a', 0, 0)), 'BAD_FENCE'],
  ])('GF18 fences are refused: %s', (_, input, code) => {
    expect(parseReplayFences(input)).toMatchObject({ ok: false, error: { code } });
  });

  test.each([
    '',
    '[]',
    'null',
    '{"id":1}',
    line('', 0, 0),
    line(1, 0, 181),
    line(1, 0, 0, 91),
    '{"id":1,"fixTime":"x","lat":1,"lon":1}',
  ])('GF18 a line that is no fix is refused: %s', (text) => {
    const fences = parseReplayFences(collection());
    if (!fences.ok) throw new Error('no fences');
    expect(createTrackReader(fences.value).read(text)).toMatchObject({
      ok: false,
      error: { code: 'BAD_TRACK_LINE' },
    });
  });
});
