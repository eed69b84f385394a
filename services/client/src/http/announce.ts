/** Tells the other processes that something changed; who misses it looks every second anyway. */
import type { Log } from '@followme/log';
import { SUBJECTS, type TenantId } from '@followme/model';

/** Trackers, devices, groups or people of a tenant changed. Call it after the commit. */
export function announceRegistry(log: Log, tenantId: TenantId): void {
  log.broadcast(SUBJECTS.registry, Buffer.from(String(tenantId)));
}

/** Fences of a tenant changed. Call it after the commit. */
export function announceFences(log: Log, tenantId: TenantId): void {
  log.broadcast(SUBJECTS.fences, Buffer.from(String(tenantId)));
}

/** A session of a tenant was closed. Call it after the commit. */
export function announceSessions(log: Log, tenantId: TenantId): void {
  log.broadcast(SUBJECTS.sessions, Buffer.from(String(tenantId)));
}

/** Alerts of a tenant were answered, assigned, commented or closed. Call it after the commit. */
export function announceAlerts(log: Log, tenantId: TenantId): void {
  log.broadcast(SUBJECTS.alerts, Buffer.from(String(tenantId)));
}
