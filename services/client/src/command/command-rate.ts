/**
 * How often commands may be given: to one tracker, since each costs its battery, and by one customer, so that
 * none of them fills the broadcasts of all. Counted by this process; several processes let through as many
 * times as much. Bounded: what was longest untouched is forgotten first.
 */
import type { TenantId, TrackerId } from '@followme/model';
import type { Clock } from '@followme/platform';
import { createMessageRate, type MessageRate } from '../socket/message-rate.ts';

const PER_TRACKER = { perSecond: 1, burst: 1 };
export const PER_TENANT = { perSecond: 10, burst: 20 };
/** Most trackers, and most customers, remembered. */
export const MAX_REMEMBERED = 5_000;

export interface CommandRate {
  /** Whether a command may be given now; if so it counts. */
  take(tenantId: TenantId, trackerId: TrackerId): boolean;
}

/** Buckets by id, each made full when its id is new. */
function createBuckets<Id>(limits: Parameters<typeof createMessageRate>[0]) {
  const buckets = new Map<Id, MessageRate>();
  return (id: Id, nowMs: number): boolean => {
    const bucket = buckets.get(id) ?? createMessageRate(limits);
    // put at the end: the first of the map is the one longest untouched
    buckets.delete(id);
    buckets.set(id, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_REMEMBERED && oldest !== undefined) buckets.delete(oldest);
    return bucket.take(nowMs);
  };
}

export function createCommandRate(clock: Clock): CommandRate {
  const takeOfTracker = createBuckets<TrackerId>(PER_TRACKER);
  const takeOfTenant = createBuckets<TenantId>(PER_TENANT);
  return {
    take(tenantId, trackerId) {
      const nowMs = clock.monotonicMs();
      // the tracker first: impatience with one takes nothing from the others of its customer
      return takeOfTracker(trackerId, nowMs) && takeOfTenant(tenantId, nowMs);
    },
  };
}
