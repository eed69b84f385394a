/**
 * What a route is here: its address, who may call it, its schemas and a function from a checked call to an
 * answer. Routes never see the reply; everything that goes out goes through `register`.
 */
import type { RouteOptions } from 'fastify';
import type { Session, TenantScope } from '@followme/store';
import type { Static, TObject, TSchema } from 'typebox';
import type { Answer } from './answer.ts';

/**
 * Who may call: anybody; everybody signed in; operators and administrators of the tenant; its
 * administrators; administrators of the provider's tenant.
 */
export type Access = 'public' | 'signedIn' | 'operator' | 'administrator' | 'provider';

/** Every access there is. */
const ACCESSES: readonly Access[] = ['public', 'signedIn', 'operator', 'administrator', 'provider'];

/** Who calls. */
export interface Caller {
  readonly session: Session;
  /** Runs work in the caller's tenant. */
  inTenant<T>(work: (tenant: TenantScope) => Promise<T>): Promise<T>;
}

/** Where a call came from. */
export interface Origin {
  readonly ip: string;
  readonly host: string;
  readonly isHttps: boolean;
}

type StaticOf<S extends TSchema | undefined> = S extends TSchema ? Static<S> : undefined;

/** A call whose parts fit their schemas. */
export interface Call<
  A extends Access,
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
> {
  readonly caller: A extends 'public' ? null : Caller;
  readonly params: StaticOf<P>;
  readonly query: StaticOf<Q>;
  readonly body: StaticOf<B>;
  readonly origin: Origin;
  /** Whether the caller's connection is closed: nobody will read the answer. For work that takes seconds. */
  isGone(): boolean;
}

interface RouteShape<
  A extends Access,
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TSchema | undefined,
  R extends TSchema | null,
> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly access: A;
  /** One line for the API page. */
  readonly summary: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The body of a success; null for an answer without one (204). */
  readonly reply: R;
  /** 200 when left out (204 without a reply). */
  readonly status?: 200 | 201 | 202;
  /** Largest body in bytes where the usual is too small. */
  readonly bodyLimit?: number;
  handle(call: Call<A, P, Q, B>): Promise<Answer<R extends TSchema ? Static<R> : null>>;
}

/** A route as `register` takes it: what its own schemas say of types is behind it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly access: Access;
  readonly summary: string;
  readonly tag: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  readonly reply: TSchema | null;
  readonly status?: 200 | 201 | 202;
  readonly bodyLimit?: number;
  handle(call: Call<Access, TSchema, TSchema, TSchema>): Promise<Answer<unknown>>;
}

/** Checks a route's function against its schemas. */
export function defineRoute<
  A extends Access,
  R extends TSchema | null,
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(route: RouteShape<A, P, Q, B, R>): Route {
  // validation by these very schemas and the gate stand between any call and `handle`
  return route as unknown as Route;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; the gate refuses routes without it. */
    access?: Access;
  }
}

/** The access a fastify route declares; undefined when it declares none we know. */
export function accessOf(route: Pick<RouteOptions, 'config'>): Access | undefined {
  const access = route.config?.access;
  return access !== undefined && ACCESSES.includes(access) ? access : undefined;
}
