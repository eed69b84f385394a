import type { TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** How far a tenant's changes have come; each number only grows. */
export interface TenantRevisions {
  /** Trackers, devices, groups and people. */
  readonly registryRevision: number;
  readonly fencesVersion: number;
  /** The fences version that control records in every lane have announced. */
  readonly fencesAnnouncedVersion: number;
  /** The revision of the card changed last, or a higher one. */
  readonly alertsRevision: number;
}

/** The revisions of all tenants: one small look that tells a poller whose changes to fetch. */
export async function registryRevisions(
  system: SystemScope,
): Promise<ReadonlyMap<TenantId, TenantRevisions>> {
  const { rows } = await sql<TenantRevisions & { tenantId: TenantId }>`
    select id as "tenantId", registry_revision::float8 as "registryRevision",
           fences_version::float8 as "fencesVersion",
           fences_announced_version::float8 as "fencesAnnouncedVersion",
           alerts_revision::float8 as "alertsRevision"
      from followme.tenant join followme.tenant_alerting on tenant_id = id
  `.execute(system.db);
  return new Map(rows.map(({ tenantId, ...revisions }) => [tenantId, revisions]));
}
