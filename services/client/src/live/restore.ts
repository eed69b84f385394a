/** Last states out of the store into the hub: at the start, and when the log no longer holds what it was to tell. */
import type { LastStates } from '@followme/store';
import type { LiveHub } from './hub.ts';

/** Hands every state to the hub, which keeps the newer of it and what it knows. */
export function restoreStates(hub: LiveHub, { states }: LastStates): void {
  for (const position of states) {
    hub.restore(position.tenantId, position.trackerId, {
      fixTimeMs: position.fixTimeMs,
      receivedTimeMs: position.receivedTimeMs,
      lonE7: Math.round(position.lon * 1e7),
      latE7: Math.round(position.lat * 1e7),
      speedMps: position.speedMps ?? Number.NaN,
      headingDeg: position.headingDeg ?? Number.NaN,
      altitudeM: position.altitudeM ?? Number.NaN,
      batteryPct: position.batteryPct,
      charging: position.charging,
      satellitesInUse: position.satellitesInUse,
      valid: position.valid,
      accuracyM: position.accuracyM ?? Number.NaN,
    });
  }
}
