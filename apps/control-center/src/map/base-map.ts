/** The background of the map: coasts, borders and names of places, all files of this app. */
import type { Feature, FeatureCollection } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import countriesUrl from 'world-atlas/countries-50m.json?url';
import type { City } from '../places/places.ts';
import { unwrapFeature } from './antimeridian.ts';

/** Land as areas, coasts and borders as lines. */
export interface BaseMap {
  readonly land: FeatureCollection;
  readonly borders: FeatureCollection;
}

type World = Topology<{
  readonly countries: GeometryCollection;
  readonly land: GeometryCollection;
}>;

const LIMIT_MS = 60_000;

/** Loads Natural Earth's countries at 1:50 million. @throws Error when the file does not come. */
export async function loadBaseMap(): Promise<BaseMap> {
  const response = await fetch(countriesUrl, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (!response.ok) throw new Error(`The base map answered ${response.status}`);
  // our own build put this very file there
  const world = (await response.json()) as World;
  const { countries } = world.objects;
  const line = (kind: 'coast' | 'border', isShared: boolean): Feature => ({
    type: 'Feature',
    properties: { kind },
    geometry: mesh(world, countries, (a, b) => (a !== b) === isShared),
  });
  return {
    land: {
      type: 'FeatureCollection',
      features: feature(world, countries).features.map(unwrapFeature),
    },
    borders: {
      type: 'FeatureCollection',
      features: [line('coast', false), line('border', true)].map(unwrapFeature),
    },
  };
}

/** From which zoom a place of this size is named, by thousands of inhabitants. */
function labelZoom(population: number): number {
  if (population >= 5000) return 2.5;
  if (population >= 1000) return 4;
  if (population >= 300) return 5.5;
  if (population >= 100) return 7;
  if (population >= 50) return 8;
  return 9;
}

/** Places as points with what the label layer needs. */
export function cityFeatures(cities: readonly City[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: cities.map(({ name, lon, lat, population }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: {
        name,
        population,
        zoom: labelZoom(population),
        dotZoom: labelZoom(population) + 0.5,
      },
    })),
  };
}
