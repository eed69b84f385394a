/** The built control center: its files, and its page for every address that is one of its own. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.ts';

/** Files whose names carry a hash of their content never change; their compressed copies neither. */
const HASHED = /[/\\]assets[/\\][^/\\]+-[\w-]{8,}\.\w+(?:\.(?:br|gz))?$/;

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';
/** Files have an ending; addresses inside the control center have none. */
const isFilePath = (request: FastifyRequest): boolean => /\.\w+$/.test(pathOf(request));

/** Whether the control center, rather than a file or the API, is meant. */
function wantsPage(request: FastifyRequest): boolean {
  const path = pathOf(request);
  const isOurs = path !== '/api' && !path.startsWith('/api/');
  return isOurs && !isFilePath(request) && (request.headers.accept ?? '').includes('text/html');
}

/** Answers the content security policy of the page at a host name; null leaves the usual one. */
export type PagePolicy = (host: string) => Promise<string | null>;

/** Serves `folder` at `/`; with null there is nothing but the API. */
export async function addStaticFiles(
  app: FastifyInstance,
  folder: string | null,
  pagePolicy: PagePolicy = () => Promise.resolve(null),
): Promise<void> {
  if (folder !== null) {
    await app.register(fastifyStatic, {
      root: folder,
      serve: false,
      index: false,
      dotfiles: 'deny',
      cacheControl: false,
      // the build writes them beside the files; one without is sent as it is
      preCompressed: true,
      setHeaders: (response, path) => {
        // caches between us and the reader must not give Brotli to who cannot read it
        response.setHeader('vary', 'accept-encoding');
        const cache = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
        response.setHeader('cache-control', cache);
      },
    });
    const config = { access: 'public' } as const;
    const schema = { hide: true };
    const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
      const policy = await pagePolicy(request.host);
      if (policy !== null) reply.header('content-security-policy', policy);
      return reply.sendFile('index.html');
    };
    app.get('/', { config, schema }, sendPage);
    app.get('/index.html', { config, schema }, sendPage);
    app.get<{ Params: { '*': string } }>('/*', { config, schema }, (request, reply) => {
      if (wantsPage(request)) return sendPage(request, reply);
      if (!isFilePath(request)) return sendProblem(reply, 'ROUTE_NOT_FOUND');
      return reply.sendFile(request.params['*']);
    });
  }
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'ROUTE_NOT_FOUND'));
}
