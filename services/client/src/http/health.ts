/** What orchestrators and people at 3 am ask. */
import { AliveReplySchema, ReadinessReplySchema, VersionReplySchema } from '@followme/contracts';
import { answer } from './answer.ts';
import type { HttpConfig, HttpDeps } from './deps.ts';
import { defineRoute, type Route } from './route.ts';

const TAG = 'health';

export interface HealthDeps extends Pick<HttpDeps, 'readiness'> {
  readonly config: Pick<HttpConfig, 'about'>;
}

/** The routes of this file. `/livez` looks at nothing: a process that answers it is alive. */
export function healthRoutes(deps: HealthDeps, isStarted: () => boolean): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/livez',
      access: 'public',
      summary: 'Whether the process runs; never depends on anything else',
      tag: TAG,
      reply: AliveReplySchema,
      handle: () => Promise.resolve(answer({ status: 'ok' as const })),
    }),
    defineRoute({
      method: 'GET',
      url: '/startupz',
      access: 'public',
      summary: 'Whether the process has come up',
      tag: TAG,
      reply: ReadinessReplySchema,
      handle() {
        const ready = isStarted();
        const body = { ready, checks: [{ name: 'started', ok: ready }] };
        return Promise.resolve(answer(body, { status: ready ? 200 : 503 }));
      },
    }),
    readyRoute(deps),
    defineRoute({
      method: 'GET',
      url: '/version',
      access: 'public',
      summary: 'What runs here',
      tag: TAG,
      reply: VersionReplySchema,
      handle: () => Promise.resolve(answer(deps.config.about)),
    }),
  ];
}

function readyRoute({ readiness }: Pick<HttpDeps, 'readiness'>): Route {
  return defineRoute({
    method: 'GET',
    url: '/readyz',
    access: 'public',
    summary: 'Whether the process takes work: 200, else 503; `checks` says why',
    tag: TAG,
    reply: ReadinessReplySchema,
    async handle() {
      const checks = [...(await readiness())];
      const ready = checks.every(({ ok }) => ok);
      return answer({ ready, checks }, { status: ready ? 200 : 503 });
    },
  });
}
