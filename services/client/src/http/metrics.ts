/** Counts and times requests, and serves the counters. */
import type { Metrics } from '@followme/platform';
import type { FastifyInstance } from 'fastify';

const BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Counts and times every request. Routes are named by their pattern, so labels stay few. */
export function addMetricsHook(app: FastifyInstance, metrics: Metrics): void {
  const requests = metrics.counter('followme_http_requests_total', 'Requests answered', [
    'method',
    'route',
    'status',
  ]);
  const seconds = metrics.histogram(
    'followme_http_request_seconds',
    'From the head of a request to the end of its answer',
    BUCKETS_S,
  );
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const status = String(reply.statusCode);
    requests.of({ method: request.method, route, status }).inc();
    seconds.observe(reply.elapsedTime / 1_000);
  });
}

/** Serves the counters at `/metrics`. */
export function addMetricsRoute(app: FastifyInstance, metrics: Metrics): void {
  const config = { access: 'public' } as const;
  const schema = {
    summary: 'Counters as Prometheus text',
    tags: ['health'],
    security: [],
    response: {
      200: {
        description: 'Prometheus exposition format',
        content: { 'text/plain': { schema: { type: 'string' } } },
      },
    },
  };
  app.get('/metrics', { config, schema }, async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text());
  });
}
