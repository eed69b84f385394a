/** Tells the other processes that something changed; who misses it looks every second anyway. */
import type { Log } from '@followme/log';
import type { TenantId } from '@followme/model';
import { REGISTRY_SUBJECT } from '../live/audience.ts';

/** Broadcast that the fences of a tenant changed. */
export const FENCES_SUBJECT = 'fences';

/** Trackers, devices, groups or people of a tenant changed. Call it after the commit. */
export function announceRegistry(log: Log, tenantId: TenantId): void {
  log.broadcast(REGISTRY_SUBJECT, Buffer.from(String(tenantId)));
}

/** Fences of a tenant changed. Call it after the commit. */
export function announceFences(log: Log, tenantId: TenantId): void {
  log.broadcast(FENCES_SUBJECT, Buffer.from(String(tenantId)));
}
