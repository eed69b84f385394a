/** Logging in: from an email address and a password to a session, within limits. */
import { LoginBodySchema, LoginReplySchema, type LoginBody } from '@followme/contracts';
import type { TenantId } from '@followme/model';
import {
  findUserByEmail,
  getTenant,
  openSession,
  verifyPassword,
  type Store,
  type User,
} from '@followme/store';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { KnownKeys } from './known-keys.ts';
import type { PasswordGuard, PasswordVerdict } from './password-guard.ts';
import { defineRoute, type Origin, type Route } from './route.ts';
import { sessionCookie } from './session-key.ts';

export interface LoginDeps extends Pick<
  HttpDeps,
  'store' | 'clock' | 'tenants' | 'metrics' | 'config'
> {
  readonly knownKeys: KnownKeys;
  readonly guard: PasswordGuard;
}

interface Attempt {
  readonly body: LoginBody;
  readonly origin: Origin;
}

/** The person the two belong to. Takes the same time whether or not there is one with this address. */
async function findPerson(
  store: Store,
  tenantId: TenantId,
  { email, password }: LoginBody,
): Promise<User | null> {
  const user = await store.asTenant(tenantId, (tenant) => findUserByEmail(tenant, email));
  const matches = await verifyPassword(user?.passwordHash ?? null, password);
  return matches ? user : null;
}

async function open(deps: LoginDeps, tenantId: TenantId, user: User) {
  const { store, clock, config } = deps;
  const opened = { userId: user.userId, ttlMs: config.sessionTtlMs, nowMs: clock.nowMs() };
  const { token, tenant } = await store.asTenant(tenantId, async (scope) => ({
    token: (await openSession(scope, opened)).token,
    tenant: await getTenant(scope),
  }));
  deps.knownKeys.add(token, { tenantId, userId: user.userId });
  const { userId: id, name, email, role } = user;
  return {
    sessionKey: token,
    user: { id, name, email, role },
    tenant: { id: tenantId, name: tenant.name, isProvider: tenant.isProvider },
  };
}

/** What became of an attempt that was let in. */
async function attempt(deps: LoginDeps, { body, origin }: Attempt, verdict: PasswordVerdict) {
  const tenantId = await deps.tenants.resolve(origin.host);
  if (tenantId === null) return { outcome: 'noTenant' } as const;
  const user = await findPerson(deps.store, tenantId, body);
  if (user === null) {
    verdict.failed();
    return { outcome: 'failed' } as const;
  }
  verdict.fitted();
  return { outcome: 'succeeded', reply: await open(deps, tenantId, user) } as const;
}

/** POST /api/login */
export function loginRoute(deps: LoginDeps): Route {
  const attempts = deps.metrics.counter('followme_logins_total', 'Attempts to log in', ['outcome']);
  const maxAgeS = Math.floor(deps.config.sessionTtlMs / 1_000);
  return defineRoute({
    method: 'POST',
    url: '/api/login',
    access: 'public',
    summary: 'Opens a session with email address and password',
    tag: 'session',
    body: LoginBodySchema,
    reply: LoginReplySchema,
    async handle({ body, origin }) {
      const made = await deps.guard.pass({ ip: origin.ip, account: body.email }, (verdict) =>
        attempt(deps, { body, origin }, verdict),
      );
      attempts.of({ outcome: made.outcome }).inc();
      switch (made.outcome) {
        case 'limited':
          return refuse('TOO_MANY_ATTEMPTS', { retryAfterS: made.waitS });
        case 'overloaded':
          return refuse('OVERLOADED', { retryAfterS: 1 });
        case 'noTenant':
          return refuse('TENANT_NOT_FOUND');
        case 'failed':
          return refuse('LOGIN_FAILED');
        case 'succeeded': {
          const { isHttps } = origin;
          const cookie = sessionCookie(made.reply.sessionKey, { maxAgeS, isHttps });
          return answer(made.reply, { headers: { 'set-cookie': cookie } });
        }
      }
    },
  });
}
