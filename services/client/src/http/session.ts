/** Logging in and out. */
import {
  LoginBodySchema,
  LoginReplySchema,
  SessionReplySchema,
  SocketKeyReplySchema,
} from '@followme/contracts';
import type { TenantId } from '@followme/model';
import {
  closeSession,
  findUserByEmail,
  getTenant,
  issueSocketKey,
  openSession,
  verifyPassword,
  type User,
} from '@followme/store';
import { toSessionReply } from '../socket/identify.ts';
import { announceSessions } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { createLoginLimit } from './login-limit.ts';
import { defineRoute, type Origin, type Route } from './route.ts';
import { sessionCookie } from './session-key.ts';

type SessionDeps = Pick<HttpDeps, 'store' | 'log' | 'clock' | 'tenants' | 'metrics' | 'config'>;

/** Passwords checked at a time: each takes 19 MiB and a thread for some 20 ms. */
const MAX_CHECKS_AT_ONCE = 16;
const TAG = 'session';

/** The routes of this file. */
export function sessionRoutes(deps: SessionDeps): readonly Route[] {
  return [loginRoute(deps), logoutRoute(deps), sessionRoute(), socketKeyRoute(deps)];
}

function loginRoute(deps: SessionDeps): Route {
  const { store, clock, tenants, config } = deps;
  const limit = createLoginLimit(clock);
  const attempts = deps.metrics.counter('followme_logins_total', 'Attempts to log in', ['outcome']);
  let checksUnderWay = 0;

  /** The person the two belong to. Takes the same time whether or not there is one with this address. */
  const check = async (
    tenantId: TenantId,
    body: { email: string; password: string },
  ): Promise<User | null> => {
    checksUnderWay += 1;
    try {
      const user = await store.asTenant(tenantId, (tenant) => findUserByEmail(tenant, body.email));
      const matches = await verifyPassword(user?.passwordHash ?? null, body.password);
      return matches ? user : null;
    } finally {
      checksUnderWay -= 1;
    }
  };
  const open = async (tenantId: TenantId, user: User, origin: Origin) => {
    const nowMs = clock.nowMs();
    const ttlMs = config.sessionTtlMs;
    const { token, tenant } = await store.asTenant(tenantId, async (scope) => ({
      token: (await openSession(scope, { userId: user.userId, ttlMs, nowMs })).token,
      tenant: await getTenant(scope),
    }));
    const maxAgeS = Math.floor(ttlMs / 1_000);
    const cookie = sessionCookie(token, { maxAgeS, isHttps: origin.isHttps });
    const { userId: id, name, email, role } = user;
    const { name: tenantName, isProvider } = tenant;
    return answer(
      {
        sessionKey: token,
        user: { id, name, email, role },
        tenant: { id: tenantId, name: tenantName, isProvider },
      },
      { headers: { 'set-cookie': cookie } },
    );
  };

  return defineRoute({
    method: 'POST',
    url: '/api/login',
    access: 'public',
    summary: 'Opens a session with email address and password',
    tag: TAG,
    body: LoginBodySchema,
    reply: LoginReplySchema,
    async handle({ body, origin }) {
      const waitS = Math.max(
        limit.waitS(origin.ip, body.email),
        checksUnderWay >= MAX_CHECKS_AT_ONCE ? 1 : 0,
      );
      if (waitS > 0) {
        attempts.of({ outcome: 'limited' }).inc();
        return refuse('TOO_MANY_ATTEMPTS', { retryAfterS: waitS });
      }
      const tenantId = await tenants.resolve(origin.host);
      if (tenantId === null) return refuse('TENANT_NOT_FOUND');
      const user = await check(tenantId, body);
      attempts.of({ outcome: user === null ? 'failed' : 'succeeded' }).inc();
      if (user === null) {
        limit.fail(origin.ip, body.email);
        return refuse('LOGIN_FAILED');
      }
      limit.succeed(origin.ip, body.email);
      return open(tenantId, user, origin);
    },
  });
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
