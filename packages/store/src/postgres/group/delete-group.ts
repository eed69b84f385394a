import { err, ok, type GroupId, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { followGroupTrackers } from '../fence/follow-group-trackers.ts';
import { bumpRegistry } from '../registry/bump-registry.ts';
import type { GroupNotFound } from './group.ts';

/** Removes a group; its trackers and people stay, fences for it are for nobody of it any more. */
export async function deleteGroup(
  tenant: TenantScope,
  groupId: GroupId,
): Promise<Result<void, GroupNotFound>> {
  const revision = await bumpRegistry(tenant);
  const { rows } = await sql`
    with left_alone as (
      update followme.tracker set revision = ${revision}
       where tenant_id = ${tenant.tenantId}
         and id in (select tracker_id from followme.group_tracker
                     where tenant_id = ${tenant.tenantId} and group_id = ${groupId})
    )
    delete from followme.user_group where tenant_id = ${tenant.tenantId} and id = ${groupId}
    returning 1
  `.execute(tenant.db);
  if (rows.length === 0) return err({ code: 'GROUP_NOT_FOUND', groupId });
  await followGroupTrackers(tenant, [groupId]);
  return ok(undefined);
}
