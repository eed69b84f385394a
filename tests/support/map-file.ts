/**
 * Makes a tiny street map: a PMTiles file (version 3) whose every tile is the same vector tile in the form of
 * Protomaps, with land, a motorway and the name of a town. Written by the published layouts of
 * PMTiles 3 and Mapbox Vector Tiles 2; no network, no tools.
 */
const HEADER_BYTES = 127;
const EXTENT = 4_096;
/** Codes of PMTiles: no compression, vector tiles. */
const NONE = 1;
const MVT = 1;
/** Kinds of geometry of vector tiles. */
const POINT = 1;
const LINE = 2;
const POLYGON = 3;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

const field = (number: number, body: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
const numberField = (number: number, value: number): Buffer =>
  Buffer.concat([varint(number * 8), varint(value)]);
const packed = (values: readonly number[]): Buffer => Buffer.concat(values.map(varint));
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

type Corner = readonly [x: number, y: number];

/** Commands and steps of a vector tile: go to the first corner, draw to the others, close a polygon. */
function geometry(kind: number, corners: readonly Corner[]): Buffer {
  let [lastX, lastY] = [0, 0];
  const steps = corners.flatMap(([x, y]) => {
    const step = [zigzag(x - lastX), zigzag(y - lastY)];
    [lastX, lastY] = [x, y];
    return step;
  });
  const [first, rest] = [steps.slice(0, 2), steps.slice(2)];
  const lineTo = rest.length === 0 ? [] : [(rest.length / 2) * 8 + 2, ...rest];
  return packed([9, ...first, ...lineTo, ...(kind === POLYGON ? [15] : [])]);
}

interface TileFeature {
  readonly kind: number;
  readonly corners: readonly Corner[];
  readonly tags: Readonly<Record<string, string | number>>;
}

const tagValue = (value: string | number): Buffer =>
  typeof value === 'number' ? numberField(5, value) : field(1, Buffer.from(value));

/** A layer with one feature. */
function layer(name: string, { kind, corners, tags }: TileFeature): Buffer {
  const entries = Object.entries(tags);
  const feature = Buffer.concat([
    field(2, packed(entries.flatMap((_, index) => [index, index]))),
    numberField(3, kind),
    field(4, geometry(kind, corners)),
  ]);
  return field(
    3,
    Buffer.concat([
      field(1, Buffer.from(name)),
      field(2, feature),
      ...entries.map(([key]) => field(3, Buffer.from(key))),
      ...entries.map(([, value]) => field(4, tagValue(value))),
      numberField(5, EXTENT),
      numberField(15, 2),
    ]),
  );
}

const MIDDLE: Corner = [EXTENT / 2, EXTENT / 2];
const MAX_ZOOM = 12;
/** Tiles of zoom 0 to 12: a quarter of the next zoom's, and so on. */
const TILES = (4 ** (MAX_ZOOM + 1) - 1) / 3;

function tile(): Buffer {
  const land: Corner[] = [
    [0, 0],
    [EXTENT, 0],
    [EXTENT, EXTENT],
    [0, EXTENT],
  ];
  const down: Corner[] = [
    [0, 0],
    [EXTENT, EXTENT],
  ];
  return Buffer.concat([
    layer('earth', { kind: POLYGON, corners: land, tags: { kind: 'earth' } }),
    layer('roads', { kind: LINE, corners: down, tags: { kind: 'highway' } }),
    layer('places', {
      kind: POINT,
      corners: [MIDDLE],
      tags: { kind: 'locality', population_rank: 13, min_zoom: 4, name: 'Proefstad' },
    }),
  ]);
}

function header(parts: { root: number; metadata: number; tiles: number }): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('PMTiles', 0, 'latin1');
  bytes.writeUInt8(3, 7);
  const lengths = [parts.root, parts.metadata, 0, parts.tiles];
  let offset = HEADER_BYTES;
  lengths.forEach((length, index) => {
    bytes.writeBigUInt64LE(BigInt(offset), 8 + index * 16);
    bytes.writeBigUInt64LE(BigInt(length), 16 + index * 16);
    offset += length;
  });
  for (const at of [72, 80, 88]) bytes.writeBigUInt64LE(1n, at);
  bytes.writeUInt8(1, 96);
  bytes.writeUInt8(NONE, 97);
  bytes.writeUInt8(NONE, 98);
  bytes.writeUInt8(MVT, 99);
  bytes.writeUInt8(MAX_ZOOM, 101);
  for (const [at, degrees] of [
    [102, -180],
    [106, -85],
    [110, 180],
    [114, 85],
    [119, 5.12],
    [123, 52.09],
  ] as const) {
    bytes.writeInt32LE(Math.round(degrees * 1e7), at);
  }
  return bytes;
}

/** The bytes of the file. */
export function tinyMapFile(): Buffer {
  const bytes = tile();
  // one entry: from tile 0 on, for all of them, so long, from the start of the tiles
  const root = packed([1, 0, TILES, bytes.length, 1]);
  const metadata = Buffer.from(
    JSON.stringify({
      attribution: '<a href="https://example.org">Test makers</a>',
      vector_layers: ['earth', 'roads', 'places'].map((id) => ({ id, fields: {} })),
    }),
  );
  const parts = { root: root.length, metadata: metadata.length, tiles: bytes.length };
  return Buffer.concat([header(parts), root, metadata, bytes]);
}
