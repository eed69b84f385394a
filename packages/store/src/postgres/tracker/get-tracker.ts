import type { TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { trackerColumns, type Tracker } from './tracker.ts';

/** One tracker, retired or not; null when the tenant has no such one. */
export async function getTracker(
  tenant: TenantScope,
  trackerId: TrackerId,
): Promise<Tracker | null> {
  const { rows } = await sql<Tracker>`
    select ${trackerColumns} from followme.tracker t
     where t.tenant_id = ${tenant.tenantId} and t.id = ${trackerId}
  `.execute(tenant.db);
  return rows[0] ?? null;
}
