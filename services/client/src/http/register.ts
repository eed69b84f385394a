/** Adds our routes to fastify: schemas for validation and OpenAPI, the answer of a call as its reply. */
import { ProblemSchema } from '@followme/contracts';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { clientAddressOf } from './client-address.ts';
import type { Callers } from './gate.ts';
import { sendProblem } from './problem.ts';
import type { Call, Origin, Route } from './route.ts';
import type { TSchema } from 'typebox';

/** Largest body unless a route says otherwise: thousands of ids fit. */
export const BODY_LIMIT_BYTES = 256 * 1024;

const statusOf = (route: Route): number => route.status ?? (route.reply === null ? 204 : 200);

function schemaOf(route: Route): FastifySchema {
  const refusal = {
    description: 'RFC 9457 problem details; the codes are in docs/errors.md',
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  };
  const success =
    route.reply === null
      ? { type: 'null', description: 'Done' }
      : { description: 'Success', content: { 'application/json': { schema: route.reply } } };
  return {
    summary: route.summary,
    tags: [route.tag],
    security: route.access === 'public' ? [] : [{ cookie: [] }, { bearer: [] }],
    ...(route.params === undefined ? {} : { params: route.params }),
    ...(route.query === undefined ? {} : { querystring: route.query }),
    ...(route.body === undefined ? {} : { body: route.body }),
    response: { [statusOf(route)]: success, '4xx': refusal, '5xx': refusal },
  };
}

function originOf(request: FastifyRequest): Origin {
  return {
    ip: clientAddressOf(request),
    host: request.host,
    isHttps: request.protocol === 'https',
  };
}

/** Adds `routes` to the instance. The gate must be in place. */
export function registerRoutes(
  app: FastifyInstance,
  callers: Callers,
  routes: readonly Route[],
): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.url,
      config: { access: route.access },
      schema: schemaOf(route),
      bodyLimit: route.bodyLimit ?? BODY_LIMIT_BYTES,
      handler: async (request, reply) => {
        const outcome = await route.handle(callOf(request, callers));
        if (outcome.kind === 'refused') return sendProblem(reply, outcome.code, outcome.details);
        reply.code(outcome.status ?? statusOf(route)).headers(outcome.headers ?? {});
        return route.reply === null ? reply.send() : reply.send(outcome.body);
      },
    });
  }
}

function callOf(
  request: FastifyRequest,
  callers: Callers,
): Call<'signedIn', TSchema, TSchema, TSchema> {
  const { params, query, body } = request;
  // public routes never look at the caller; for all others the gate has set it
  const caller = callers.get(request) as Call<'signedIn', TSchema, TSchema, TSchema>['caller'];
  const isGone = (): boolean => request.raw.socket.destroyed;
  return { caller, params, query, body, origin: originOf(request), isGone };
}

/** Schemas that others refer to by name. */
export function addSharedSchemas(app: FastifyInstance): void {
  app.addSchema(ProblemSchema);
}
