import { err, ok, type Result, type TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { canonicalHost } from './tenant.ts';

/** What a new customer begins with. */
export interface NewTenant {
  readonly slug: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly isProvider: boolean;
}

/** `value` is the slug or the first host that another tenant holds. */
export interface TenantTaken {
  readonly code: 'SLUG_TAKEN' | 'HOST_TAKEN';
  readonly value: string;
}

/** Makes a tenant with its hosts. One at a time, so that two askers of a name get an answer each. */
export async function createTenant(
  system: SystemScope,
  tenant: NewTenant,
): Promise<Result<TenantId, TenantTaken>> {
  const hosts = tenant.hosts.map(canonicalHost);
  await sql`lock table followme.tenant_host in share row exclusive mode`.execute(system.db);
  const taken = await sql<{ host: string }>`
    select host from followme.tenant_host where host = any(${hosts}::text[]) limit 1
  `.execute(system.db);
  if (taken.rows[0] !== undefined) return err({ code: 'HOST_TAKEN', value: taken.rows[0].host });

  const made = await sql<{ tenantId: TenantId }>`
    insert into followme.tenant (slug, name, is_provider)
    values (${tenant.slug}, ${tenant.name}, ${tenant.isProvider})
    on conflict (slug) do nothing
    returning id as "tenantId"
  `.execute(system.db);
  if (made.rows.length === 0) return err({ code: 'SLUG_TAKEN', value: tenant.slug });

  const { tenantId } = onlyRow(made, 'insert of a tenant');
  await sql`insert into followme.tenant_alerting (tenant_id) values (${tenantId})`.execute(
    system.db,
  );
  await sql`
    insert into followme.tenant_host (host, tenant_id)
    select distinct host, ${tenantId}::int from unnest(${hosts}::text[]) host
  `.execute(system.db);
  return ok(tenantId);
}
