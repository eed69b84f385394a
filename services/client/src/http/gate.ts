/**
 * The one gate. Every route of the process declares who may call it; a route that does not is refused when
 * it is added, so the process does not start. Every request passes `pass` before its body is read, so a
 * stranger cannot make us parse anything.
 */
import { CSRF_HEADER, type ErrorCode } from '@followme/contracts';
import type { Clock, Metrics } from '@followme/platform';
import {
  findSession,
  getTenant,
  tenantOfSecret,
  type Session,
  type Store,
  type UserRole,
} from '@followme/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  createAdmission,
  OverloadedError,
  type Admission,
  type AdmissionLimits,
} from '../admission.ts';
import type { Share } from '../fair-line.ts';
import { clientAddressOf } from './client-address.ts';
import { shareOf, type KnownKeys } from './known-keys.ts';
import { sendProblem } from './problem.ts';
import { accessOf, type Access, type Caller } from './route.ts';
import { presentedKey, type PresentedKey } from './session-key.ts';

/** A key is one look at the store; a thousand in line are over within the wait. */
export const KEYS: AdmissionLimits = {
  kind: 'httpKey',
  atOnce: 5,
  perTenant: 4,
  waiting: 1_000,
  waitMs: 3_000,
};
/**
 * What people who are known ask of the store: fewer at once than its pool has connections, so that looks of the
 * live view never stand behind them, and of one customer fewer than that.
 */
export const REQUESTS: AdmissionLimits = {
  kind: 'request',
  atOnce: 8,
  perTenant: 6,
  waiting: 1_000,
  waitMs: 3_000,
};

interface GateDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly knownKeys: KnownKeys;
}

/** Callers of requests under way; a request that is not in it is nobody's. */
export type Callers = WeakMap<FastifyRequest, Caller>;

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request with a cookie comes from our own page: it has the header that other origins cannot
 * set without a preflight we never grant, or an Origin with our own host.
 */
export function isSameSite(headers: {
  readonly [CSRF_HEADER]?: string | string[] | undefined;
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}): boolean {
  if (headers[CSRF_HEADER] !== undefined) return true;
  if (headers.origin === undefined || headers.host === undefined) return false;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}

function refusalOf(
  request: FastifyRequest,
  presented: PresentedKey | null,
  session: Session | null,
): ErrorCode | null {
  if (presented === null || session === null) return 'NOT_SIGNED_IN';
  const isChange = !SAFE_METHODS.has(request.method);
  if (presented.by === 'cookie' && isChange && !isSameSite(request.headers)) return 'CSRF_REFUSED';
  return null;
}

/** The lines that keys and those who are known stand in. */
interface Lines {
  readonly keys: Admission;
  readonly requests: Admission;
}

/**
 * The session of a key, null when it is worth nothing. Keys that were never good stand in a line of their own, on
 * the account of the customer they name: whether they are of it nobody knows yet.
 * @throws OverloadedError when there is no place in time.
 */
async function sessionOf(
  { store, clock, knownKeys }: GateDeps,
  { keys, requests }: Lines,
  { key, ip }: { readonly key: string; readonly ip: string },
): Promise<Session | null> {
  const named = tenantOfSecret('fm', key);
  if (named === null) return null;
  const owner = knownKeys.find(key);
  const look = () => findSession(store, key, clock.nowMs());
  const session =
    owner === null
      ? await inPlace(keys, { tenant: String(named), person: ip }, look)
      : await inPlace(requests, owner, look);
  if (session === null) knownKeys.delete(key);
  else knownKeys.add(key, session);
  return session;
}

/** Runs work in a place of its own. @throws OverloadedError when there is none in time. */
async function inPlace<T>(admission: Admission, share: Share, work: () => Promise<T>): Promise<T> {
  const leave = await admission.enter(share);
  if (leave === null) throw new OverloadedError('There was no place for it in time');
  try {
    return await work();
  } finally {
    leave();
  }
}

/** Whether a person of this role deals with alerts and devices, not only looks. */
export function handlesAlerts(role: UserRole): boolean {
  return role === 'operator' || role === 'administrator';
}

async function mayCall(access: Access, caller: Caller): Promise<boolean> {
  switch (access) {
    case 'public':
    case 'signedIn':
      return true;
    case 'operator':
      return handlesAlerts(caller.session.role);
    case 'administrator':
      return caller.session.role === 'administrator';
    case 'provider':
      return (
        caller.session.role === 'administrator' && (await caller.inTenant(getTenant)).isProvider
      );
  }
}

/** Puts the gate before everything the instance serves. Call it before adding routes. */
export function addGate(app: FastifyInstance, deps: GateDeps): Callers {
  const callers: Callers = new WeakMap();
  const lines: Lines = {
    keys: createAdmission(deps, KEYS),
    requests: createAdmission(deps, REQUESTS),
  };
  app.addHook('onRoute', (route) => {
    if (accessOf(route) !== undefined) return;
    throw new Error(`Route ${String(route.method)} ${route.url} declares no access`);
  });
  app.addHook('onRequest', async (request, reply) => {
    // nothing is behind an address that is no route
    const access = request.is404 ? 'public' : accessOf(request.routeOptions);
    if (access === 'public') return;
    const presented = presentedKey(request.headers);
    const ip = clientAddressOf(request);
    const session =
      presented === null ? null : await sessionOf(deps, lines, { key: presented.key, ip });
    const refusal = refusalOf(request, presented, session);
    if (refusal !== null || session === null) {
      return sendProblem(reply, refusal ?? 'NOT_SIGNED_IN');
    }
    const caller: Caller = {
      session,
      inTenant: (work) =>
        inPlace(lines.requests, shareOf(session), () =>
          deps.store.asTenant(session.tenantId, work),
        ),
    };
    if (access === undefined || !(await mayCall(access, caller))) {
      return sendProblem(reply, 'ACCESS_DENIED');
    }
    callers.set(request, caller);
  });
  return callers;
}
