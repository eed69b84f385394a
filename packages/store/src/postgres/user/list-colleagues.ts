import type { TrackerId, UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { seesTracker } from './sees-tracker.ts';

/** A person to whom work can be given. */
export interface Colleague {
  readonly userId: UserId;
  readonly name: string;
}

/** The operators and administrators who may log in, by name; of a tracker, only those who see it. */
export async function listColleagues(
  tenant: TenantScope,
  trackerId: TrackerId | null = null,
): Promise<readonly Colleague[]> {
  const onlySeeing = trackerId === null ? sql`` : sql`and ${seesTracker(trackerId)}`;
  const { rows } = await sql<Colleague>`
    select u.id as "userId", u.name from followme.app_user u
     where u.tenant_id = ${tenant.tenantId} and u.role in ('operator', 'administrator')
       and u.disabled_at is null ${onlySeeing}
     order by u.name, u.id
  `.execute(tenant.db);
  return rows;
}
