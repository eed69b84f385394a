import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { citiesPlugin } from './build/cities-plugin.ts';
import { compressPlugin } from './build/compress-plugin.ts';

const PACKAGES = path.resolve(import.meta.dirname, '../../packages');

export default defineConfig({
  plugins: [react(), citiesPlugin(), compressPlugin()],
  resolve: {
    // our own packages from their source; by name and not by the `source` condition, since component
    // libraries name sources under it that they do not ship
    alias: [{ find: /^@followme\/([\w-]+)$/, replacement: `${PACKAGES}/$1/src/index.ts` }],
  },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/socket': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
  build: {
    // light-dark() and color-mix() are written as they are; these are the first versions that know them
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    // nothing is inlined: a strict content security policy needs no exceptions
    assetsInlineLimit: 0,
    // the map engine is one large file of its own, loaded after the log-in page
    chunkSizeWarningLimit: 1200,
  },
});
