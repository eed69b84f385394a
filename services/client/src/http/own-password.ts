/** Changing one's own password: the present one must fit, within the same limits as logging in. */
import { ChangePasswordBodySchema, type ChangePasswordBody } from '@followme/contracts';
import { findUserByEmail, setPassword, verifyPassword } from '@followme/store';
import { announceSessions } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { PasswordGuard } from './password-guard.ts';
import { defineRoute, type Caller, type Route } from './route.ts';

/** POST /api/session/password; `guard` is the one logins pass. */
export function ownPasswordRoute({ log }: Pick<HttpDeps, 'log'>, guard: PasswordGuard): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/session/password',
    access: 'signedIn',
    summary: 'Changes one’s own password and ends one’s other sessions',
    tag: 'session',
    body: ChangePasswordBodySchema,
    reply: null,
    async handle({ caller, body, origin }) {
      const attempt = { ip: origin.ip, account: caller.session.email };
      const made = await guard.pass(attempt, async (verdict) => {
        const fits = await fitsCaller(caller, body.current);
        if (!fits) {
          verdict.failed();
          return { outcome: 'wrong' } as const;
        }
        verdict.fitted();
        await change(caller, body);
        return { outcome: 'changed' } as const;
      });
      switch (made.outcome) {
        case 'limited':
          return refuse('TOO_MANY_ATTEMPTS', { retryAfterS: made.waitS });
        case 'overloaded':
          return refuse('OVERLOADED', { retryAfterS: 1 });
        case 'wrong':
          return refuse('PASSWORD_WRONG', { path: '/body/current' });
        case 'changed':
          announceSessions(log, caller.session.tenantId);
          return answer(null);
      }
    },
  });
}

async function fitsCaller(caller: Caller, password: string): Promise<boolean> {
  const user = await caller.inTenant((tenant) => findUserByEmail(tenant, caller.session.email));
  return verifyPassword(user?.passwordHash ?? null, password);
}

function change(caller: Caller, { next }: ChangePasswordBody): Promise<boolean> {
  const { userId, tokenHash } = caller.session;
  return caller.inTenant((tenant) => setPassword(tenant, userId, next, tokenHash));
}
