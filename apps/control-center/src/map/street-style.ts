/** Street maps as a MapLibre style at an address elsewhere: its sources and layers, in our font. */
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import {
  inOurFont,
  plainText,
  STREET_PREFIX,
  StreetMapError,
  type StreetParts,
} from './street-parts.ts';

const LIMIT_MS = 15_000;
const SOURCE_TYPES = new Set(['vector', 'raster', 'raster-dem', 'geojson']);

/** The parts of a style that we look at; nothing is certain before it was looked at. */
interface GivenStyle {
  readonly version?: unknown;
  readonly sources?: unknown;
  readonly layers?: unknown;
  readonly sprite?: unknown;
}

/** A part of a style: its properties as they came. */
type Given = Readonly<Record<string, unknown>>;

const isGiven = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function fetchStyle(url: string): Promise<GivenStyle> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS), credentials: 'omit' });
  } catch (error) {
    throw new StreetMapError('unreachable', url, error);
  }
  if (!response.ok) throw new StreetMapError('unreachable', `${url} answered ${response.status}`);
  const style: unknown = await response.json().catch(() => null);
  if (!isGiven(style)) throw new StreetMapError('notAMap', `${url} is no style`);
  return style;
}

/** An address within a style, which may be relative to it; `{z}` and the like stay as they are. */
function absolute(address: unknown, base: string): unknown {
  if (typeof address !== 'string' || /^[a-z]+:/i.test(address)) return address;
  if (!URL.canParse(address, base)) return address;
  return new URL(address, base).href.replaceAll('%7B', '{').replaceAll('%7D', '}');
}

function sourceFrom(given: Given, base: string): SourceSpecification {
  const { url, tiles } = given;
  const source = {
    ...given,
    ...(url === undefined ? {} : { url: absolute(url, base) }),
    ...(Array.isArray(tiles) ? { tiles: tiles.map((tile) => absolute(tile, base)) } : {}),
  };
  // the engine checks it against its specification and tells what does not fit
  return source as unknown as SourceSpecification;
}

function layerFrom(given: Given): LayerSpecification {
  const { id, source, layout } = given;
  const layer = {
    ...given,
    id: `${STREET_PREFIX}${String(id)}`,
    ...(typeof source === 'string' ? { source: `${STREET_PREFIX}${source}` } : {}),
    ...(given['type'] === 'symbol' && isGiven(layout) ? { layout: inOurFont(layout) } : {}),
  };
  // the engine checks it against its specification and tells what does not fit
  return layer as unknown as LayerSpecification;
}

/** Fetches a style. @throws StreetMapError when it does not come or is none. */
export async function loadStreetStyle(url: string): Promise<StreetParts> {
  const { version, sources, layers, sprite } = await fetchStyle(url);
  if (version !== 8 || !isGiven(sources) || !Array.isArray(layers)) {
    throw new StreetMapError('notAMap', `${url} is no style of version 8`);
  }
  const usable = Object.entries(sources).filter(
    (entry): entry is [string, Given] =>
      isGiven(entry[1]) && SOURCE_TYPES.has(String(entry[1]['type'])),
  );
  const names = new Set(usable.map(([name]) => name));
  const drawn = layers
    .filter(isGiven)
    .filter(
      ({ source }) => source === undefined || (typeof source === 'string' && names.has(source)),
    )
    .map(layerFrom);
  const spriteUrl = absolute(sprite, url);
  return {
    sources: Object.fromEntries(
      usable.map(([name, source]) => [`${STREET_PREFIX}${name}`, sourceFrom(source, url)]),
    ),
    layers: () => drawn,
    spriteUrl: typeof spriteUrl === 'string' ? spriteUrl : null,
    attribution: attributionOf(usable.map(([, source]) => source)),
    isWhole: true,
  };
}

function attributionOf(sources: readonly Given[]): string {
  const texts = sources.map(({ attribution }) => attribution);
  return [...new Set(texts.filter((text) => typeof text === 'string').map(plainText))].join(', ');
}
