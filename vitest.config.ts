import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
};
const everywhere = '{packages,services,apps,tests}/**';
const integration = `${everywhere}/*.integration.test.ts`;
const e2e = `${everywhere}/*.e2e.test.ts`;
const outside = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    // most of the tests that take long wait for something: one core less, as by default, would leave half a small machine idle
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: [`${everywhere}/*.test.{ts,tsx}`],
          exclude: [...outside, integration, e2e],
          testTimeout: 60_000, // properties and simulations are long on a busy machine
        },
      },
      {
        ...source,
        test: {
          name: 'integration',
          include: [integration],
          exclude: outside,
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          include: [e2e],
          exclude: outside,
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
