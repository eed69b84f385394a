import type { UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** A person to whom work can be given. */
export interface Colleague {
  readonly userId: UserId;
  readonly name: string;
}

/** The operators and administrators who may log in, by name. */
export async function listColleagues(tenant: TenantScope): Promise<readonly Colleague[]> {
  const { rows } = await sql<Colleague>`
    select id as "userId", name from followme.app_user
     where tenant_id = ${tenant.tenantId} and role in ('operator', 'administrator')
       and disabled_at is null
     order by name, id
  `.execute(tenant.db);
  return rows;
}
