/**
 * What this service asks of the rest of the installation beyond the log and the tenant door of the store.
 * Everything here spans tenants, so it is made by the composition root behind the system door; this service
 * itself never opens that door. The ports are narrow on purpose: each answers one question.
 */
import type { TenantId } from '@followme/model';
import type {
  LastStates,
  SeenRevisions,
  TenantRevisions,
  TrackerRegistry,
  UnknownDevice,
} from '@followme/store';

/** How far each tenant's registry, fences and alerts have come. */
export type Revisions = ReadonlyMap<
  TenantId,
  Pick<TenantRevisions, 'registryRevision' | 'fencesVersion' | 'alertsRevision'>
>;

/** Where the live hub gets what it holds of all tenants. */
export interface LiveSource {
  /** Trackers that changed after `since`, or all without it. */
  loadTrackers(since?: SeenRevisions): Promise<TrackerRegistry>;
  /** The newest known position of every tracker, and from where in the log to go on. */
  loadLastStates(): Promise<LastStates>;
  /** Asked every second. */
  revisions(): Promise<Revisions>;
}

/** Which tenant is served under a host name. */
export interface TenantResolver {
  /** Null when no tenant in service answers there. */
  resolve(host: string): Promise<TenantId | null>;
}

/** What the provider may look up beyond its own tenant. */
export interface ProviderSource {
  /** Devices that report and that nobody has registered, those heard last first. */
  listUnknownDevices(limit: number): Promise<readonly UnknownDevice[]>;
}

/** One thing that must be well for the process to take work. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** For people; never secrets. */
  readonly detail?: string;
}

/** What the process as a whole says of itself; this service adds its own checks. */
export type Readiness = () => readonly ReadinessCheck[] | Promise<readonly ReadinessCheck[]>;
