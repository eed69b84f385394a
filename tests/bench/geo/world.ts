/** Fences and places of the fence benches: a country with cities, from a seed, the same in every run. */
import { createRandom, type Random } from '@followme/platform';
import { trustedId, type Fence, type LonLat } from '@followme/model';

const COUNTRY = { west: 0, south: 47, east: 12, north: 54 } as const;
const CITIES = 40;
/** Sigma of a city, degrees: 20 km. */
const CITY_DEG = [0.28, 0.18] as const;
const FENCES_IN_CITIES = 0.6;
const PLACES_IN_CITIES = 0.7;
const VERTICES = 50;
const LARGE = { count: 8, vertices: 6_000 } as const;
const METRES_PER_DEG = 111_195;
/** Of the latitudes of the country. */
const COSINE = 0.64;
const WAVES = 30;

export interface World {
  readonly fences: readonly Fence[];
  /** A place like those of trackers. */
  readonly anyPlace: () => LonLat;
  /** Places to ask for. */
  readonly lons: Float64Array;
  readonly lats: Float64Array;
}

const between = (random: Random, min: number, max: number): number =>
  min + random.next() * (max - min);

/** A country with so many fences of 50 vertices (100 m to 5 km), eight of 6,000 (50 to 300 km), and places in it. */
export function makeWorld(size: { readonly fences: number; readonly places: number }): World {
  const random = createRandom('fence bench');
  const anywhere = (): LonLat => [
    between(random, COUNTRY.west, COUNTRY.east),
    between(random, COUNTRY.south, COUNTRY.north),
  ];
  const cities = Array.from({ length: CITIES }, anywhere);
  const somewhere = (inCity: number): LonLat => {
    if (random.next() >= inCity) return anywhere();
    const [lon, lat] = cities[Math.floor(random.next() * CITIES)] ?? anywhere();
    return [lon + random.gaussian() * CITY_DEG[0], lat + random.gaussian() * CITY_DEG[1]];
  };
  const fences = Array.from({ length: size.fences }, (_, i) =>
    blob(random, i + 1, {
      centre: somewhere(FENCES_IN_CITIES),
      vertices: VERTICES,
      radiusM: 100 * 50 ** random.next(),
    }),
  );
  for (let i = 0; i < LARGE.count; i += 1) {
    const centre: LonLat = [between(random, 2, 10), between(random, 48, 53)];
    const radiusM = between(random, 50_000, 300_000);
    fences.push(blob(random, size.fences + 1 + i, { centre, vertices: LARGE.vertices, radiusM }));
  }
  const lons = new Float64Array(size.places);
  const lats = new Float64Array(size.places);
  for (let i = 0; i < size.places; i += 1) [lons[i], lats[i]] = somewhere(PLACES_IN_CITIES);
  return { fences, lons, lats, anyPlace: () => somewhere(PLACES_IN_CITIES) };
}

/** A wavy ring: waves of falling height as coasts and quarters have, and noise as large as the edges. */
export function blob(
  random: Random,
  id: number,
  size: { readonly centre: LonLat; readonly vertices: number; readonly radiusM: number },
): Fence {
  const [lon, lat] = size.centre;
  const phases = Array.from({ length: WAVES }, () => between(random, 0, 2 * Math.PI));
  const ring = Array.from({ length: size.vertices }, (_, i): LonLat => {
    const angle = (2 * Math.PI * i) / size.vertices;
    const wave = phases.reduce(
      (height, phase, k) => height + (0.3 / (k + 2)) * Math.sin((k + 2) * angle + phase),
      0,
    );
    const noise = between(random, -1, 1) / size.vertices;
    const radiusDeg = (size.radiusM * (1 + wave + noise)) / METRES_PER_DEG;
    return [lon + (radiusDeg * Math.cos(angle)) / COSINE, lat + radiusDeg * Math.sin(angle)];
  });
  return {
    tenantId: trustedId(1),
    fenceId: trustedId(id),
    name: `fence ${id}`,
    version: 1,
    groupIds: null,
    shape: { kind: 'polygon', rings: [[...ring, ring[0] ?? size.centre]] },
  };
}

/** The outer ring of a fence of this world. */
export function ringOf({ shape }: Fence): readonly LonLat[] {
  return shape.kind === 'polygon' ? (shape.rings[0] ?? []) : [];
}
