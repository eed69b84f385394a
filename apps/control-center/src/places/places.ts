/**
 * Names of places on earth, from the list packed at build time: labels for the map and a word for every
 * position ("3.4 km NE of Utrecht"). Nothing is asked of anybody.
 */
import { messages } from '../messages/messages.ts';
import { compassPoint, formatDistance } from '../format/units.ts';
import { bearingDeg, distanceM } from './sphere.ts';

/** The columns of build/cities-plugin.ts. */
export interface PackedCities {
  readonly names: string;
  readonly lon: readonly number[];
  readonly lat: readonly number[];
  readonly population: readonly number[];
}

export interface City {
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  /** Thousands of inhabitants. */
  readonly population: number;
}

export interface Places {
  /** Largest first. */
  readonly cities: readonly City[];
  /** A short description of where this is; empty when no place is within 500 km. */
  describe(lat: number, lon: number): string;
}

const STEPS_PER_DEGREE = 1000;
/** Cells of one degree; a place further than four cells away is no help. */
const SEARCH_CELLS = 4;
const FAR_M = 500_000;
/** Closer than this to its centre, one is in the place. */
const IN_PLACE_M = 2000;

export function unpackCities(packed: PackedCities): readonly City[] {
  return packed.names.split('\n').map((name, i) => ({
    name,
    lon: (packed.lon[i] ?? 0) / STEPS_PER_DEGREE,
    lat: (packed.lat[i] ?? 0) / STEPS_PER_DEGREE,
    population: packed.population[i] ?? 0,
  }));
}

function cellOf(lat: number, lon: number): number {
  const column = ((Math.floor(lon) % 360) + 360) % 360;
  return (Math.floor(lat) + 90) * 360 + column;
}

/** Indexes the places by degree cells, so that one question looks at a few dozen of them. */
export function createPlaces(cities: readonly City[]): Places {
  const cells = new Map<number, City[]>();
  for (const city of cities) {
    const cell = cellOf(city.lat, city.lon);
    const list = cells.get(cell);
    if (list === undefined) cells.set(cell, [city]);
    else list.push(city);
  }

  function nearest(lat: number, lon: number): { city: City; awayM: number } | null {
    let best: { city: City; awayM: number } | null = null;
    for (let ring = 0; ring <= SEARCH_CELLS; ring += 1) {
      for (const cell of cellsOfRing(lat, lon, ring)) {
        for (const city of cells.get(cell) ?? []) {
          const awayM = distanceM([lon, lat], [city.lon, city.lat]);
          if (best === null || awayM < best.awayM) best = { city, awayM };
        }
      }
      // a nearer place may still lie one ring out, so look once more after the first find
      if (best !== null && ring > 0) break;
    }
    return best;
  }

  return {
    cities,
    describe(lat, lon) {
      const found = nearest(lat, lon);
      if (found === null || found.awayM > FAR_M) return '';
      const { city, awayM } = found;
      if (awayM < IN_PLACE_M) return messages.place.at(city.name);
      const direction = compassPoint(bearingDeg([city.lon, city.lat], [lon, lat]));
      return messages.place.near(formatDistance(awayM), direction, city.name);
    },
  };
}

function* cellsOfRing(lat: number, lon: number, ring: number): Generator<number> {
  for (let dy = -ring; dy <= ring; dy += 1) {
    for (let dx = -ring; dx <= ring; dx += 1) {
      if (Math.max(Math.abs(dx), Math.abs(dy)) === ring) yield cellOf(lat + dy, lon + dx);
    }
  }
}
