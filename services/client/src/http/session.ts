/** Sessions: opened by logging in, ended by logging out, told, and lent to a socket. */
import { SessionReplySchema, SocketKeyReplySchema } from '@followme/contracts';
import { closeSession, getTenant, issueSocketKey } from '@followme/store';
import { toSessionReply } from '../socket/identify.ts';
import { announceSessions } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { loginRoute, type LoginDeps } from './login.ts';
import { ownPasswordRoute } from './own-password.ts';
import { defineRoute, type Route } from './route.ts';
import { sessionCookie } from './session-key.ts';

type SessionDeps = LoginDeps & Pick<HttpDeps, 'log'>;

const TAG = 'session';

/** The routes of this file. */
export function sessionRoutes(deps: SessionDeps): readonly Route[] {
  return [
    loginRoute(deps),
    logoutRoute(deps),
    sessionRoute(),
    socketKeyRoute(deps),
    ownPasswordRoute(deps, deps.guard),
  ];
}

function logoutRoute({ log }: SessionDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/logout',
    access: 'signedIn',
    summary: 'Ends this session and closes its sockets',
    tag: TAG,
    reply: null,
    async handle({ caller, origin }) {
      await caller.inTenant((tenant) => closeSession(tenant, caller.session));
      announceSessions(log, caller.session.tenantId);
      const cookie = sessionCookie('', { maxAgeS: 0, isHttps: origin.isHttps });
      return answer(null, { headers: { 'set-cookie': cookie } });
    },
  });
}

function sessionRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/session',
    access: 'signedIn',
    summary: 'Who is signed in, and where',
    tag: TAG,
    reply: SessionReplySchema,
    async handle({ caller }) {
      return answer(toSessionReply(caller.session, await caller.inTenant(getTenant)));
    },
  });
}

function socketKeyRoute({ clock }: SessionDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/session/socket-key',
    access: 'signedIn',
    summary: 'A key that opens one socket once within a minute',
    tag: TAG,
    reply: SocketKeyReplySchema,
    async handle({ caller }) {
      const nowMs = clock.nowMs();
      const issued = await caller.inTenant((tenant) =>
        issueSocketKey(tenant, caller.session, nowMs),
      );
      if (issued === null) return refuse('NOT_SIGNED_IN');
      const expiresInS = Math.floor((issued.expiresAtMs - nowMs) / 1_000);
      return answer({ sessionKey: issued.key, expiresInS });
    },
  });
}
