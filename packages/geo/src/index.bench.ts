/**
 * Fence matching on one core: 10,000 fences of 50 vertices and eight of 6,000, the case of the budgets.
 * Prints one JSON line. Seeded: fences and places are the same in every run.
 *
 *   npx tsx --conditions=source packages/geo/src/index.bench.ts
 */
import { trustedId, type Fence, type LonLat } from '@followme/model';
import { createFenceIndex } from './fence-index.ts';
import { FenceMatches } from './fence-matches.ts';

const PLACES = 200_000;
const ROUNDS = 5;
const BAR_PER_SECOND = 400_000;

/** mulberry32 (public domain, Tommy Ettinger). */
function createGenerator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const next = createGenerator(20_260_101);
const between = (min: number, max: number): number => min + next() * (max - min);
const gaussian = (): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

const cities = Array.from({ length: 40 }, (): LonLat => [between(0, 12), between(47, 54)]);

/** In or around a city (sigma 20 km) with this probability, else anywhere in the box. */
function somewhere(inCity: number): LonLat {
  if (next() >= inCity) return [between(0, 12), between(47, 54)];
  const [lon, lat] = cities[Math.floor(next() * cities.length)] ?? [6, 50];
  return [lon + gaussian() * 0.28, lat + gaussian() * 0.18];
}

/** A wavy ring: waves of falling height as coasts and quarters have, and noise as large as the edges. */
function blob(id: number, [lon, lat]: LonLat, size: { vertices: number; radiusM: number }): Fence {
  const waves = Array.from({ length: 30 }, (_, k) => ({ times: k + 2, phase: between(0, 6.28) }));
  const ring = Array.from({ length: size.vertices }, (_, i): LonLat => {
    const angle = (2 * Math.PI * i) / size.vertices;
    const wave = waves.reduce(
      (h, w) => h + (0.3 / w.times) * Math.sin(w.times * angle + w.phase),
      0,
    );
    const radiusDeg = (size.radiusM * (1 + wave + between(-1, 1) / size.vertices)) / 111_195;
    return [lon + (radiusDeg * Math.cos(angle)) / 0.64, lat + radiusDeg * Math.sin(angle)];
  });
  return {
    tenantId: trustedId(1),
    fenceId: trustedId(id),
    name: `fence ${id}`,
    version: 1,
    groupIds: null,
    shape: { kind: 'polygon', rings: [[...ring, ring[0] ?? [lon, lat]]] },
  };
}

const fences = [
  ...Array.from({ length: 10_000 }, (_, i) =>
    blob(i + 1, somewhere(0.6), { vertices: 50, radiusM: 100 * 50 ** next() }),
  ),
  ...Array.from({ length: 8 }, (_, i) =>
    blob(10_001 + i, [between(2, 10), between(48, 53)], {
      vertices: 6_000,
      radiusM: between(50_000, 300_000),
    }),
  ),
];
const lons = new Float64Array(PLACES);
const lats = new Float64Array(PLACES);
for (let i = 0; i < PLACES; i += 1) [lons[i], lats[i]] = somewhere(0.7);

const buildStart = process.cpuUsage();
const index = createFenceIndex(fences);
const found = new FenceMatches();
index.query(0, 0, found);
const buildMs = cpuMsSince(buildStart);

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

let matches = 0;
const rates = Array.from({ length: ROUNDS }, () => {
  const start = process.cpuUsage();
  matches = 0;
  for (let i = 0; i < PLACES; i += 1) matches += index.query(lons[i] ?? 0, lats[i] ?? 0, found);
  return (PLACES / cpuMsSince(start)) * 1_000;
}).toSorted((a, b) => a - b);

const median = rates[Math.floor(ROUNDS / 2)] ?? 0;
process.stdout.write(
  `${JSON.stringify({
    name: 'fence-matching',
    unit: 'places/s of CPU',
    value: Math.round(median),
    bar: BAR_PER_SECOND,
    min: Math.round(rates[0] ?? 0),
    max: Math.round(rates.at(-1) ?? 0),
    fences: fences.length,
    matchesPerPlace: Number((matches / PLACES).toFixed(3)),
    buildMs: Math.round(buildMs),
  })}\n`,
);
