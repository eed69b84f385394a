/** Street maps as PMTiles files of the installation: read in ranges, drawn in our colours and font. */
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { addProtocol } from 'maplibre-gl';
import { FetchSource, type Header, PMTiles, Protocol, TileType } from 'pmtiles';
import { streetLayers } from './street-layers.ts';
import { STREET_PREFIX, StreetMapError, type StreetParts } from './street-parts.ts';

/** The reader that the map engine asks for tiles of files; archives are known to it by their address. */
const protocol = new Protocol();
addProtocol('pmtiles', protocol.tile);

const SOURCE = `${STREET_PREFIX}file`;
const LIMIT_MS = 20_000;
/** Layers of the Protomaps form without which there is nothing to draw. */
const NEEDED = ['earth', 'roads'];
const RASTER_TILE_PX = 256;

const isVector = ({ tileType }: Header): boolean =>
  tileType === TileType.Mvt || tileType === TileType.Mlt;

/** Where a map file of the installation is read. */
function mapFileUrl(file: string): string {
  return new URL(`/maps/${encodeURIComponent(file)}`, location.origin).href;
}

/** The archive of a file, with its header read. @throws StreetMapError */
async function openArchive(url: string): Promise<{ archive: PMTiles; header: Header }> {
  // every visit reads it anew: the file behind a name may have been replaced
  const archive = new PMTiles(new FetchSource(url));
  protocol.add(archive);
  try {
    return { archive, header: await inTime(archive.getHeader()) };
  } catch (error) {
    const isAnswer = error instanceof Error && /magic number|version/i.test(error.message);
    throw new StreetMapError(isAnswer ? 'notAMap' : 'unreachable', url, error);
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(new Error('No answer in time')));
    }),
  ]);
}

interface Metadata {
  readonly attribution?: unknown;
  readonly vector_layers?: unknown;
}

/** Ids of the vector layers that the file says it has; null when it does not say. */
function layerIdsOf({ vector_layers: listed }: Metadata): readonly string[] | null {
  if (!Array.isArray(listed)) return null;
  return listed.flatMap((layer: unknown) =>
    typeof layer === 'object' && layer !== null && 'id' in layer && typeof layer.id === 'string'
      ? [layer.id]
      : [],
  );
}

function sourceOf(url: string, header: Header): SourceSpecification {
  const shared = {
    tiles: [`pmtiles://${url}/{z}/{x}/{y}`],
    minzoom: header.minZoom,
    maxzoom: header.maxZoom,
    bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat] as [
      number,
      number,
      number,
      number,
    ],
  };
  if (!isVector(header)) return { type: 'raster', tileSize: RASTER_TILE_PX, ...shared };
  const encoding = header.tileType === TileType.Mlt ? 'mlt' : 'mvt';
  return { type: 'vector', encoding, ...shared };
}

/**
 * Opens a map file of the installation.
 * @throws StreetMapError when it does not come, is none, or is in a form we cannot draw.
 */
export async function loadStreetFile(file: string, locale: string): Promise<StreetParts> {
  const url = mapFileUrl(file);
  const { archive, header } = await openArchive(url);
  // what is written in the file is trusted no further than it is read here
  const metadata = ((await archive.getMetadata().catch(() => null)) ?? {}) as Metadata;
  const ids = layerIdsOf(metadata);
  if (isVector(header) && ids !== null && !NEEDED.every((id) => ids.includes(id))) {
    throw new StreetMapError('unknownForm', `${file} has the layers ${ids.join(', ')}`);
  }
  const attribution = typeof metadata.attribution === 'string' ? metadata.attribution : '';
  return {
    sources: { [SOURCE]: sourceOf(url, header) },
    layers: isVector(header) ? (colours) => streetLayers(SOURCE, colours, locale) : rasterLayers,
    spriteUrl: null,
    attribution,
    isWhole: header.minLon <= -170 && header.maxLon >= 170 && !isVector(header),
  };
}

/**
 * Reads the tile in the middle of a map file, to see whether it can be drawn before it is chosen.
 * @throws StreetMapError
 */
export async function tryStreetFile(file: string): Promise<void> {
  await loadStreetFile(file, 'en');
  const { archive, header } = await openArchive(mapFileUrl(file));
  const zoom = Math.max(header.minZoom, Math.min(header.centerZoom, header.maxZoom));
  const [x, y] = tileAt(header.centerLon, header.centerLat, zoom);
  try {
    await inTime(archive.getZxy(zoom, x, y));
  } catch (error) {
    throw new StreetMapError('notAMap', file, error);
  }
}

/** The tile (Web Mercator) a point lies in. */
function tileAt(lon: number, lat: number, zoom: number): [x: number, y: number] {
  const size = 2 ** zoom;
  const sine = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  const x = ((lon + 180) / 360) * size;
  const y = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size;
  const whole = (value: number) => Math.max(0, Math.min(size - 1, Math.floor(value)));
  return [whole(x), whole(y)];
}

function rasterLayers(): readonly LayerSpecification[] {
  // somewhat pale, so that marks and trails stand out as on our own map
  return [{ id: SOURCE, type: 'raster', source: SOURCE, paint: { 'raster-saturation': -0.25 } }];
}
