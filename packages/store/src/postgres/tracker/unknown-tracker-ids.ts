import type { TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** Those of `trackerIds` that are no tracker of the tenant, in service or not, ascending. */
export async function unknownTrackerIds(
  tenant: TenantScope,
  trackerIds: readonly TrackerId[],
): Promise<readonly TrackerId[]> {
  if (trackerIds.length === 0) return [];
  const { rows } = await sql<{ trackerId: TrackerId }>`
    select asked.id as "trackerId" from unnest(${[...trackerIds]}::int[]) asked (id)
     where not exists (select from followme.tracker t
                        where t.tenant_id = ${tenant.tenantId} and t.id = asked.id)
     order by 1
  `.execute(tenant.db);
  return rows.map(({ trackerId }) => trackerId);
}
