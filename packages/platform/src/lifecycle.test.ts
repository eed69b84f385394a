import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { createLifecycle, type Running } from './lifecycle.ts';
import { createLogger } from './logger.ts';

const LIMIT_MS = 50;
const silent = createLogger('silent');

function recorded(): {
  readonly steps: string[];
  part(name: string, options?: { readonly drains?: boolean }): Running;
} {
  const steps: string[] = [];
  return {
    steps,
    part: (name, { drains = false } = {}) => ({
      ...(drains ? { drain: async () => void steps.push(`drain ${name}`) } : {}),
      stop: async () => void steps.push(`stop ${name}`),
    }),
  };
}

test('everything drains before anything stops; what started last stops first', async () => {
  const lifecycle = createLifecycle({ clock: systemClock, logger: silent });
  const { steps, part } = recorded();
  lifecycle.add('log', part('log'));
  lifecycle.add('devices', part('devices', { drains: true }));
  lifecycle.add('viewers', part('viewers', { drains: true }));
  expect(await lifecycle.stopAll(LIMIT_MS)).toBe(true);
  expect(steps).toEqual([
    'drain viewers',
    'drain devices',
    'stop viewers',
    'stop devices',
    'stop log',
  ]);
});

test('a part that fails or hangs while draining is stopped all the same, and keeps nobody from it', async () => {
  const lifecycle = createLifecycle({ clock: systemClock, logger: silent });
  const { steps, part } = recorded();
  lifecycle.add('log', part('log'));
  lifecycle.add('hangs', { ...part('hangs'), drain: () => new Promise(() => undefined) });
  lifecycle.add('fails', { ...part('fails'), drain: () => Promise.reject(new Error('no')) });
  expect(await lifecycle.stopAll(LIMIT_MS)).toBe(false);
  expect(steps).toEqual(['stop fails', 'stop hangs', 'stop log']);
});

test('a part that throws at once is as one that rejects', async () => {
  const lifecycle = createLifecycle({ clock: systemClock, logger: silent });
  const { steps, part } = recorded();
  lifecycle.add('log', part('log'));
  lifecycle.add('throws', {
    stop: () => {
      throw new Error('no');
    },
  });
  expect(await lifecycle.stopAll(LIMIT_MS)).toBe(false);
  expect(steps).toEqual(['stop log']);
});
