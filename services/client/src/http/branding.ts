/** The look of a host name, for everybody who opens it: name, colour, logo, language and map. */
import { BrandingSchema } from '@followme/contracts';
import type { FastifyInstance } from 'fastify';
import { answer, refuse } from './answer.ts';
import type { Brandings } from './brandings.ts';
import { sendProblem } from './problem.ts';
import { defineRoute, type Route } from './route.ts';

/** The routes of this file. */
export function brandingRoutes({ brandings }: { readonly brandings: Brandings }): readonly Route[] {
  const get = defineRoute({
    method: 'GET',
    url: '/api/branding',
    access: 'public',
    summary: 'How the customer of this host name looks',
    tag: 'settings',
    reply: BrandingSchema,
    async handle({ origin }) {
      const branding = await brandings.of(origin.host);
      if (branding === 'overloaded') return refuse('OVERLOADED', { retryAfterS: 1 });
      return branding === null ? refuse('TENANT_NOT_FOUND') : answer(branding);
    },
  });
  return [get];
}

/** An image is an image and nothing else, whatever is in it and however it is opened. */
const IMAGE_POLICY = "default-src 'none'; sandbox";

/** Serves the logo of the host name at `/brand/logo`; `v` is the version it is kept under. */
export function addLogo(
  app: FastifyInstance,
  { brandings }: { readonly brandings: Brandings },
): void {
  const config = { access: 'public' } as const;
  const schema = { hide: true };
  app.get<{ Querystring: { v?: string } }>(
    '/brand/logo',
    { config, schema },
    async (request, reply) => {
      const logo = await brandings.logoOf(request.host);
      if (logo === 'overloaded') return sendProblem(reply, 'OVERLOADED', { retryAfterS: 1 });
      if (logo === null) return sendProblem(reply, 'ROUTE_NOT_FOUND');
      const isCurrent = request.query.v === String(logo.version);
      const etag = `"${logo.version}"`;
      reply.headers({
        'content-security-policy': IMAGE_POLICY,
        'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
        etag,
      });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply
        .headers({ 'content-type': logo.type, 'content-disposition': 'inline' })
        .send(logo.bytes);
    },
  );
}
