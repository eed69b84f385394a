import type { FenceEvent } from '@followme/model';
import type { Occurrence } from '../raise/occurrence.ts';

/**
 * What a crossing may set off; null for one that somebody made by changing a fence under a standing tracker: it
 * is nothing the tracker did, and one edit would call people for every tracker inside.
 */
export function occurrenceOfEvent(event: FenceEvent): Occurrence | null {
  if (event.reason !== 'fix') return null;
  const { tenantId, trackerId, fixTimeMs, lon, lat, fenceId, fenceName, kind } = event;
  const cause = { kind: 'fence', fenceId, fenceName, transition: kind } as const;
  return { tenantId, trackerId, timeMs: fixTimeMs, lon, lat, cause };
}
