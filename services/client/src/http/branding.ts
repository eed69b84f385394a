/** The look of a host name, for everybody who opens it: name, colour, logo, language and map. */
import { BrandingSchema } from '@followme/contracts';
import type { Store } from '@followme/store';
import { getLogo } from '@followme/store';
import type { FastifyInstance } from 'fastify';
import type { TenantResolver } from '../ports.ts';
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

interface LogoDeps {
  readonly store: Store;
  readonly tenants: TenantResolver;
  readonly brandings: Brandings;
}

/** Serves the logo of the host name at `/brand/logo`; `v` is the version it is kept under. */
export function addLogo(app: FastifyInstance, { store, tenants, brandings }: LogoDeps): void {
  const config = { access: 'public' } as const;
  const schema = { hide: true };
  app.get<{ Querystring: { v?: string } }>(
    '/brand/logo',
    { config, schema },
    async (request, reply) => {
      // the kept answer first: who has no logo costs nothing
      const branding = await brandings.of(request.host);
      if (branding === 'overloaded') return sendProblem(reply, 'OVERLOADED', { retryAfterS: 1 });
      const tenantId =
        branding === null || branding.logoUrl === null ? null : await tenants.resolve(request.host);
      const logo = tenantId === null ? null : await store.asTenant(tenantId, getLogo);
      if (logo === null) return sendProblem(reply, 'ROUTE_NOT_FOUND');
      const isCurrent = request.query.v === String(logo.version);
      return reply
        .headers({
          'content-type': logo.type,
          'content-security-policy': IMAGE_POLICY,
          'content-disposition': 'inline',
          'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
        })
        .send(logo.bytes);
    },
  );
}
