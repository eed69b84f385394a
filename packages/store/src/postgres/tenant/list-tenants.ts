import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import type { Tenant } from './tenant.ts';

/** All tenants with their hosts, by slug. */
export async function listTenants(system: SystemScope): Promise<readonly Tenant[]> {
  const { rows } = await sql<Tenant>`
    select t.id as "tenantId", t.slug, t.name, t.is_provider as "isProvider",
           array(select host from followme.tenant_host h where h.tenant_id = t.id order by host) as hosts,
           followme.epoch_ms(t.created_at) as "createdAtMs",
           followme.epoch_ms(t.suspended_at) as "suspendedAtMs"
      from followme.tenant t
     order by t.slug
  `.execute(system.db);
  return rows;
}
