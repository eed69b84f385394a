/** Street maps as PMTiles files of the installation: read in ranges, drawn in our colours and font. */
import { type Flavor, layers as drawStreets, namedFlavor } from '@protomaps/basemaps';
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { addProtocol } from 'maplibre-gl';
import { FetchSource, type Header, PMTiles, Protocol, TileType } from 'pmtiles';
import { type MapColours, mixColours } from './colours.ts';
import { inOurFont, STREET_PREFIX, StreetMapError, type StreetParts } from './street-parts.ts';

/** The reader that the map engine asks for tiles of files; archives are known to it by their address. */
const protocol = new Protocol();
addProtocol('pmtiles', protocol.tile);

const SOURCE = `${STREET_PREFIX}file`;
const LIMIT_MS = 20_000;
/** Layers of the Protomaps form without which there is nothing to draw. */
const NEEDED = ['earth', 'roads'];
/** Drawn by icons, or points of interest, which a calm map has none of; the ground is our own. */
const LEFT_OUT = new Set(['background', 'pois', 'roads_oneway', 'roads_shields']);
const RASTER_TILE_PX = 256;

const isVector = ({ tileType }: Header): boolean =>
  tileType === TileType.Mvt || tileType === TileType.Mlt;

/** Where a map file of the installation is read. */
export function mapFileUrl(file: string): string {
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
  return listed.map((layer: unknown) =>
    String((layer as { readonly id?: unknown } | null)?.id ?? ''),
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
    layers: isVector(header) ? (colours) => vectorLayers(colours, locale) : rasterLayers,
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

function vectorLayers(colours: MapColours, locale: string): readonly LayerSpecification[] {
  return drawStreets(SOURCE, streetFlavor(colours), { lang: locale })
    .filter(({ id }) => !LEFT_OUT.has(id))
    .map((layer) => withoutIcons({ ...layer, id: `${STREET_PREFIX}${layer.id}` }));
}

function withoutIcons(layer: LayerSpecification): LayerSpecification {
  if (layer.type !== 'symbol') return layer;
  const layout = Object.entries(layer.layout ?? {}).filter(([key]) => !key.startsWith('icon-'));
  // the same properties with other fonts
  const other = inOurFont(Object.fromEntries(layout)) as NonNullable<typeof layer.layout>;
  return { ...layer, layout: other };
}

/** The colours of a street map, all from our tokens: low in chroma, labels at 4.5:1. */
export function streetFlavor(c: MapColours): Flavor {
  const isDark = brightness(c['m-land']) < brightness(c['m-label']);
  const land = c['m-land'];
  const park = mixColours(c.ok, land, isDark ? 0.12 : 0.13);
  const road = (share: number) => (isDark ? mixColours(c['m-label'], land, share) : c.surface);
  const casing = isDark ? land : mixColours(c['m-label'], land, 0.2);
  const minor = road(0.14);
  const major = road(0.22);
  const highway = isDark ? c['m-border'] : mixColours(c['m-border'], c.surface, 0.3);
  const highwayCasing = isDark ? land : c['m-border'];
  const building = mixColours(c['m-label'], land, isDark ? 0.08 : 0.09);
  const label = c['m-label'];
  const halo = c['m-halo'];
  const waterLabel = mixColours(c.info, label, 0.5);
  return {
    ...namedFlavor(isDark ? 'dark' : 'light'),
    ...grounds({ land, urban: c['m-urban'], park, water: c['m-water'] }),
    ...roads('tunnel_', {
      minor: mixColours(minor, land, 0.6),
      major: mixColours(major, land, 0.6),
      highway: mixColours(highway, land, 0.6),
      casing,
      highwayCasing,
    }),
    ...roads('bridges_', { minor, major, highway, casing, highwayCasing }),
    minor_service_casing: casing,
    minor_casing: casing,
    link_casing: casing,
    major_casing_late: casing,
    major_casing_early: casing,
    highway_casing_late: highwayCasing,
    highway_casing_early: highwayCasing,
    other: minor,
    minor_service: minor,
    minor_a: minor,
    minor_b: minor,
    link: major,
    major,
    highway,
    railway: mixColours(label, land, 0.3),
    boundaries: c['m-border'],
    buildings: building,
    roads_label_minor: label,
    roads_label_minor_halo: halo,
    roads_label_major: label,
    roads_label_major_halo: halo,
    ocean_label: waterLabel,
    subplace_label: label,
    subplace_label_halo: halo,
    city_label: label,
    city_label_halo: halo,
    state_label: label,
    state_label_halo: halo,
    country_label: label,
    address_label: label,
    address_label_halo: halo,
    regular: 'regular',
    bold: 'bold',
    italic: 'regular',
  };
}

interface Grounds {
  readonly land: string;
  readonly urban: string;
  readonly park: string;
  readonly water: string;
}

function grounds({ land, urban, park, water }: Grounds): Partial<Flavor> {
  return {
    background: land,
    earth: land,
    water,
    park_a: park,
    park_b: park,
    wood_a: park,
    wood_b: park,
    scrub_a: park,
    scrub_b: park,
    zoo: park,
    hospital: urban,
    industrial: urban,
    school: urban,
    pedestrian: urban,
    glacier: land,
    sand: urban,
    beach: urban,
    aerodrome: urban,
    runway: mixColours(urban, land, 0.5),
    military: urban,
    pier: urban,
  };
}

interface RoadColours {
  readonly minor: string;
  readonly major: string;
  readonly highway: string;
  readonly casing: string;
  readonly highwayCasing: string;
}

function roads(prefix: 'tunnel_' | 'bridges_', c: RoadColours): Partial<Flavor> {
  const named = {
    other_casing: c.casing,
    minor_casing: c.casing,
    link_casing: c.casing,
    major_casing: c.casing,
    highway_casing: c.highwayCasing,
    other: c.minor,
    minor: c.minor,
    link: c.major,
    major: c.major,
    highway: c.highway,
  };
  return Object.fromEntries(
    Object.entries(named).map(([name, colour]) => [`${prefix}${name}`, colour]),
  );
}

/** Sum of the channels of `rgb(…)`: enough to tell dark from light. */
function brightness(colour: string): number {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((sum, value) => sum + Number(value), 0);
}
