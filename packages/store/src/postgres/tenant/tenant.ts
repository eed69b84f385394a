import type { TenantId } from '@followme/model';

/** A customer of the installation. */
export interface Tenant {
  readonly tenantId: TenantId;
  /** Short name for addresses and folders: lower case letters, digits and dashes. */
  readonly slug: string;
  readonly name: string;
  /** Host names under which it is served, lower case, without a port. */
  readonly hosts: readonly string[];
  readonly createdAtMs: number;
  /** Nobody of it may log in from then on; null while it is in service. */
  readonly suspendedAtMs: number | null;
  /** The one that runs the installation. */
  readonly isProvider: boolean;
}

/** A host name as it is stored and compared: lower case, no port, no dot at the end. */
export function canonicalHost(host: string): string {
  return host.trim().toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}
