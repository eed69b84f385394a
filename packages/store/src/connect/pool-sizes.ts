/**
 * How many connections a process may hold. Bounded by what it does, not by one large number, so that several
 * processes stay below the server's `max_connections`; the sum over all of them is in `docs/operating.md`.
 */

/** For what every process does: the check of its health. */
const COMMON = 1;
/**
 * What a role has under way at its busiest, leases included, which must never wait for the rest: the recorder's
 * commit, the registry and retention; commits and loads of lanes; raising, watching, and several deliveries.
 */
const BY_ROLE: Readonly<Record<string, number>> = { tracker: 4, geofence: 4, notification: 6 };
/** Requests of people wait for each other rather than for the server: more would only queue there. */
const CLIENT = 10;

/** Most connections of each pool of a process with these roles. */
export interface PoolSizes {
  /** Services that write what devices report. */
  readonly services: number;
  /** People and programs; 0 connections are opened where nobody asks. */
  readonly client: number;
}

/** The pools of a process with `roles`: all four take 15 + 10. */
export function poolSizesOf(roles: ReadonlySet<string>): PoolSizes {
  const services = [...roles].reduce((sum, role) => sum + (BY_ROLE[role] ?? 0), COMMON);
  return { services: Math.max(2, services), client: roles.has('client') ? CLIENT : 1 };
}
