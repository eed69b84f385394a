import { err, ok, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { TrackerNotFound } from './tracker.ts';

/** Takes a tracker and its devices out of service. Its history stays; its id is never given again. */
export async function retireTracker(
  tenant: TenantScope,
  trackerId: TrackerId,
): Promise<Result<void, TrackerNotFound>> {
  const revision = await bumpRegistry(tenant);
  const { rows } = await sql`
    with devices as (
      update followme.device set retired_at = now(), revision = ${revision}
       where tenant_id = ${tenant.tenantId} and tracker_id = ${trackerId} and retired_at is null
    )
    update followme.tracker set retired_at = now(), revision = ${revision}
     where tenant_id = ${tenant.tenantId} and id = ${trackerId} and retired_at is null
    returning 1
  `.execute(tenant.db);
  return rows.length === 0 ? err({ code: 'TRACKER_NOT_FOUND', trackerId }) : ok(undefined);
}
