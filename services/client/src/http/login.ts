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
import { createAdmission, type AdmissionLimits } from '../admission.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { KnownKeys } from './known-keys.ts';
import { createLoginLimit, type LoginLimit } from './login-limit.ts';
import { defineRoute, type Origin, type Route } from './route.ts';
import { sessionCookie } from './session-key.ts';

/** A check of a password takes 19 MiB and one of the four threads there are for some 20 ms. */
export const LOGINS: AdmissionLimits = { kind: 'login', atOnce: 4, waiting: 64, waitMs: 3_000 };

export interface LoginDeps extends Pick<
  HttpDeps,
  'store' | 'clock' | 'tenants' | 'metrics' | 'config'
> {
  readonly knownKeys: KnownKeys;
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
  deps.knownKeys.add(token);
  const { userId: id, name, email, role } = user;
  return {
    sessionKey: token,
    user: { id, name, email, role },
    tenant: { id: tenantId, name: tenant.name, isProvider: tenant.isProvider },
  };
}

/** What became of an attempt that was let in. */
async function attempt(deps: LoginDeps, limit: LoginLimit, { body, origin }: Attempt) {
  // looked at again: attempts that stood in line with this one may have failed meanwhile
  const waitS = limit.waitS(origin.ip, body.email);
  if (waitS > 0) return { outcome: 'limited', waitS } as const;
  const tenantId = await deps.tenants.resolve(origin.host);
  if (tenantId === null) return { outcome: 'noTenant' } as const;
  const user = await findPerson(deps.store, tenantId, body);
  if (user === null) {
    limit.fail(origin.ip, body.email);
    return { outcome: 'failed' } as const;
  }
  limit.succeed(origin.ip, body.email);
  return { outcome: 'succeeded', reply: await open(deps, tenantId, user) } as const;
}

/** Lets attempts in, a few at a time; those that may not be made are refused without a place. */
function createAttempts(deps: LoginDeps) {
  const limit = createLoginLimit(deps.clock);
  const admission = createAdmission(deps, LOGINS);
  return async (made: Attempt) => {
    const waitS = limit.waitS(made.origin.ip, made.body.email);
    if (waitS > 0) return { outcome: 'limited', waitS } as const;
    const leave = await admission.enter();
    if (leave === null) return { outcome: 'overloaded' } as const;
    try {
      return await attempt(deps, limit, made);
    } finally {
      leave();
    }
  };
}

/** POST /api/login */
export function loginRoute(deps: LoginDeps): Route {
  const attempts = deps.metrics.counter('followme_logins_total', 'Attempts to log in', ['outcome']);
  const logIn = createAttempts(deps);
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
      const made = await logIn({ body, origin });
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
