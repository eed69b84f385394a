import { readFileSync } from 'node:fs';

interface Manifest {
  readonly version: string;
}

// our own package.json stands one folder above both src and dist
const manifest = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Manifest;

/** Version of the product. */
export const VERSION: string = manifest.version;
