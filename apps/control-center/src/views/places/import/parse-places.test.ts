import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { countUnsized, parsePlaces, sized } from './parse-places.ts';
import { piecesOf } from './pieces.ts';

function parseXml(text: string): Document | null {
  try {
    const parser = new DOMParser({ onError: onErrorStopParsing });
    return parser.parseFromString(text, 'text/xml') as unknown as Document;
  } catch {
    return null;
  }
}
const read = (text: string) => parsePlaces(text, parseXml);
const names = (text: string): unknown => {
  const result = read(text);
  return result.kind === 'read'
    ? result.places.map(({ name, geometry }) => [name, geometry.type])
    : result.fault;
};
const square = [
  [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ],
];
const feature = (properties: object, geometry: object): object => ({
  type: 'Feature',
  properties,
  geometry,
});
const collection = (...features: object[]): string =>
  JSON.stringify({ type: 'FeatureCollection', features });

describe('GeoJSON', () => {
  test('features become places with the name they have, collections several', () => {
    const text = collection(
      feature({ name: 'Yard 🚚' }, { type: 'Polygon', coordinates: square }),
      feature({ title: 'مستودع' }, { type: 'Point', coordinates: [5, 52] }),
      feature(
        { id: 7 },
        {
          type: 'MultiPoint',
          coordinates: [
            [5, 52],
            [6, 52],
          ],
        },
      ),
      feature(
        {},
        {
          type: 'GeometryCollection',
          geometries: [
            {
              type: 'LineString',
              coordinates: [
                [0, 0],
                [1, 1],
              ],
            },
          ],
        },
      ),
    );
    expect(names(text)).toEqual([
      ['Yard 🚚', 'Polygon'],
      ['مستودع', 'Point'],
      ['7', 'Point'],
      ['7', 'Point'],
      ['', 'LineString'],
    ]);
  });

  test('one feature or a bare geometry is a file too, with or without a byte order mark', () => {
    expect(
      names(
        `\ufeff${JSON.stringify(feature({ name: 'a' }, { type: 'Polygon', coordinates: square }))}`,
      ),
    ).toEqual([['a', 'Polygon']]);
    expect(names(JSON.stringify({ type: 'Polygon', coordinates: square }))).toEqual([
      ['', 'Polygon'],
    ]);
  });

  test('what cannot be a place is left for the server to refuse by name', () => {
    expect(names(collection(feature({ name: 'x' }, { type: 'Curve', coordinates: [] })))).toEqual([
      ['x', 'Curve'],
    ]);
  });

  test('a long name is cut so that a piece stays small', () => {
    const text = collection(
      feature({ name: 'x'.repeat(9_999) }, { type: 'Point', coordinates: [0, 0] }),
    );
    const result = read(text);
    expect(result.kind === 'read' && result.places[0]?.name.length).toBe(1_000);
  });
});

describe('KML and GPX', () => {
  test('placemarks become places, circles of our own included', () => {
    const kml = `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
      <Placemark><name>Depot</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
        4,52,0 4.1,52,0 4.1,52.1,0 4,52,0
      </coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
      <Placemark><name>Gate</name><Point><coordinates>4,52</coordinates></Point></Placemark>
    </Document></kml>`;
    expect(names(kml)).toEqual([
      ['Depot', 'Polygon'],
      ['Gate', 'Point'],
    ]);
  });

  test('tracks become lines and waypoints points', () => {
    const gpx = `<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">
      <wpt lat="52" lon="5"><name>Post</name></wpt>
      <trk><name>Round</name><trkseg><trkpt lat="52" lon="5"/><trkpt lat="52.1" lon="5"/></trkseg></trk>
    </gpx>`;
    expect(new Set(names(gpx) as unknown[])).toEqual(
      new Set([
        ['Round', 'LineString'],
        ['Post', 'Point'],
      ]),
    );
  });
});

test.each([
  ['nothing', '', 'empty'],
  ['only blanks', ' \n ', 'empty'],
  ['half a file', '{"type":"FeatureCollection","features":[', 'notJson'],
  ['a text', 'hello', 'notJson'],
  ['a number', '7', 'unknown'],
  ['a list', '[]', 'unknown'],
  ['a collection of nothing', collection(), 'noPlaces'],
  ['features that are none', '{"type":"FeatureCollection","features":7}', 'unknown'],
  ['half of XML', '<kml><Document>', 'notXml'],
  ['XML of something else', '<html/>', 'unknown'],
])('%s is told apart', (_, text, fault) => {
  expect(read(text)).toEqual({ kind: 'failed', fault });
});

describe('sizes', () => {
  test('are given to points and lines that have none', () => {
    const result = read(
      collection(
        feature({}, { type: 'Point', coordinates: [5, 52] }),
        feature({ radiusM: 40 }, { type: 'Point', coordinates: [5, 52] }),
        feature(
          {},
          {
            type: 'LineString',
            coordinates: [
              [0, 0],
              [1, 1],
            ],
          },
        ),
        feature({}, { type: 'Polygon', coordinates: square }),
      ),
    );
    if (result.kind !== 'read') throw new Error(result.fault);
    expect(countUnsized(result.places)).toEqual({ points: 1, lines: 1 });
    const sizes = { radiusM: 100, widthM: 20 };
    expect(result.places.map(({ geometry }) => sized(geometry, sizes))).toMatchObject([
      { radiusM: 100 },
      { radiusM: 40 },
      { widthM: 20 },
      { type: 'Polygon' },
    ]);
  });
});

describe('pieces', () => {
  const sizes = { radiusM: 1, widthM: 1 };
  const place = (name: string, corners = 1) => ({
    name,
    geometry: {
      type: 'Polygon',
      coordinates: [Array.from({ length: corners }, () => [1.234567, 2])],
    },
  });

  test('hold every place once, in its order, at most 500', () => {
    const places = Array.from({ length: 1_234 }, (_, i) => place(String(i)));
    const pieces = [...piecesOf(places, sizes)];
    expect(pieces.map(({ from, places: { length } }) => [from, length])).toEqual([
      [0, 500],
      [500, 500],
      [1_000, 234],
    ]);
    expect(pieces.flatMap((piece) => piece.places.map(({ name }) => name))).toEqual(
      places.map(({ name }) => name),
    );
  });

  test('stay small: large places go in small numbers, one that is very large alone', () => {
    const places = [place('a', 60_000), place('b', 60_000), place('c', 200_000), place('d')];
    expect(
      [...piecesOf(places, sizes)].map((piece) => piece.places.map(({ name }) => name)),
    ).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  test('of nothing there are none', () => {
    expect([...piecesOf([], sizes)]).toEqual([]);
  });
});
