import type { TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { Store } from '../../port.ts';
import { canonicalHost } from './tenant.ts';

/**
 * The tenant served under a host: the one that holds the name, else the only tenant there is, else the
 * provider's own. Null when there is none or it is suspended. Opens the system door itself, since before
 * it answers nobody knows the tenant; it tells nothing but the id.
 */
export async function resolveTenant(store: Store, host: string): Promise<TenantId | null> {
  const { rows } = await store.asSystem((system) =>
    sql<{ tenantId: TenantId; suspended: boolean }>`
      select t.id as "tenantId", t.suspended_at is not null as suspended
        from followme.tenant t
        left join followme.tenant_host h on h.tenant_id = t.id and h.host = ${canonicalHost(host)}
       where h.host is not null or t.is_provider or (select count(*) from followme.tenant) = 1
       order by h.host is not null desc, t.id
       limit 1
    `.execute(system.db),
  );
  const [found] = rows;
  return found === undefined || found.suspended ? null : found.tenantId;
}
