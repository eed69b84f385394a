/** How many sockets the viewers of one customer hold in this process, so that none of them takes all. */
import type { TenantId } from '@followme/model';

/** Part of a process's sockets that one customer may hold. */
export const TENANT_SHARE = 0.8;

/** Gives a seat back; a second call does nothing. */
type StandUp = () => void;

export interface Seats {
  /** Takes a seat; null when the customer has as many as it may. */
  take(tenantId: TenantId): StandUp | null;
}

/** Seats of which each customer may have a share of `maxSockets`. */
export function createSeats(maxSockets: number): Seats {
  const most = Math.ceil(maxSockets * TENANT_SHARE);
  const taken = new Map<TenantId, number>();
  return {
    take(tenantId) {
      const present = taken.get(tenantId) ?? 0;
      if (present >= most) return null;
      taken.set(tenantId, present + 1);
      let isUp = false;
      return () => {
        if (isUp) return;
        isUp = true;
        const left = (taken.get(tenantId) ?? 1) - 1;
        if (left === 0) taken.delete(tenantId);
        else taken.set(tenantId, left);
      };
    },
  };
}
