/**
 * How a process leaves without failing anybody's request. While it is `leaving` it serves everything and every
 * answer ends its connection, so that callers come back through the load balancer to another process. When it is
 * `refusing` requests under way are finished and new ones hear 503 with `Retry-After`; what orchestrators ask is
 * still answered.
 */
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';

/** `serving` → `leaving` → `refusing`; a step may be left out, none is taken back. */
export type Phase = 'serving' | 'leaving' | 'refusing';

/** Answered in every phase. */
const ALWAYS: ReadonlySet<string | undefined> = new Set([
  '/livez',
  '/readyz',
  '/startupz',
  '/version',
  '/metrics',
]);

/** Another process of the installation takes the request at once. */
const RETRY_AFTER_S = 1;

/** Puts the phase before everything the instance serves. Call it before adding routes, also before the gate. */
export function addLeaving(app: FastifyInstance, phase: () => Phase): void {
  app.addHook('onRequest', async (request, reply) => {
    if (phase() !== 'refusing' || ALWAYS.has(request.routeOptions.url)) return;
    return sendProblem(reply, 'NOT_READY', { retryAfterS: RETRY_AFTER_S });
  });
  app.addHook('onSend', async (_request, reply, payload) => {
    if (phase() !== 'serving') reply.header('connection', 'close');
    return payload;
  });
}
