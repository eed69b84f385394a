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
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: [`${everywhere}/*.test.{ts,tsx}`],
          exclude: [...outside, integration, e2e],
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
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
