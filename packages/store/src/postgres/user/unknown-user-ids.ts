import type { UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';

/** Those of `userIds` that are nobody of the tenant, ascending. Who is disabled is still somebody. */
export async function unknownUserIds(
  tenant: TenantScope,
  userIds: readonly UserId[],
): Promise<readonly UserId[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<{ userId: UserId }>`
    select asked.id as "userId" from unnest(${[...userIds]}::int[]) asked (id)
     where not exists (select from followme.app_user u
                        where u.tenant_id = ${tenant.tenantId} and u.id = asked.id)
     order by 1
  `.execute(tenant.db);
  return rows.map(({ userId }) => userId);
}
