import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('a counter asked for twice is one, and its label values count apart', async () => {
  const metrics = createMetrics();
  const ask = () => metrics.counter('followme_test_total', 'Test', ['reason']);
  ask().of({ reason: 'a' }).inc();
  ask().of({ reason: 'a' }).inc(2);
  ask().of({ reason: 'b' }).inc();
  expect(await metrics.read('followme_test_total', { reason: 'a' })).toBe(3);
  expect(await metrics.read('followme_test_total')).toBe(4);
  expect(await metrics.read('followme_never_total')).toBe(0);
});

test('counting goes on after a look, and a look counts nothing twice', async () => {
  const metrics = createMetrics();
  const hits = metrics.counter('followme_test_total', 'Test', ['reason']).of({ reason: 'a' });
  hits.inc(3);
  expect(await metrics.text()).toContain('followme_test_total{reason="a"} 3');
  expect(await metrics.text()).toContain('followme_test_total{reason="a"} 3');
  hits.inc();
  expect(await metrics.read('followme_test_total')).toBe(4);
});

test('a gauge is read at the scrape; other label values stand beside it, the same ones replace it', async () => {
  const metrics = createMetrics();
  let waiting = 1;
  metrics.gauge('followme_waiting', 'Test', () => 99, { pool: 'client' });
  metrics.gauge('followme_waiting', 'Test', () => waiting, { pool: 'client' });
  metrics.gauge('followme_waiting', 'Test', () => 7, { pool: 'services' });
  waiting = 5;
  const text = await metrics.text();
  expect(text).toContain('followme_waiting{pool="client"} 5');
  expect(text).toContain('followme_waiting{pool="services"} 7');
});
