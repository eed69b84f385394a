/** The API's own description, generated from the schemas that check it. */
import fastifySwagger from '@fastify/swagger';
import { SESSION_COOKIE } from '@followme/contracts';
import type { FastifyInstance } from 'fastify';

/** Collects every route added after it, and serves the document. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Follow Me',
        version,
        description: 'Live location, geofencing and targeted communication.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          cookie: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    refResolver: {
      buildLocalReference: (schema, _baseUri, _fragment, index) =>
        typeof schema['$id'] === 'string' ? schema['$id'] : `schema${index}`,
    },
  });
  const config = { access: 'public' } as const;
  const schema = {
    summary: 'This document',
    tags: ['api'],
    security: [],
    response: {
      200: {
        description: 'OpenAPI 3.1',
        content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
      },
    },
  };
  app.get('/api/openapi.json', { config, schema }, (_request, reply) => reply.send(app.swagger()));
}
