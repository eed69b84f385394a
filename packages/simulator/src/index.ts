export * from './fleet.ts';
export { MAX_TRACKERS, registerIdentity } from './identity.ts';
export * from './run-fleet.ts';
export type { FleetCounters } from './tracker-link.ts';
