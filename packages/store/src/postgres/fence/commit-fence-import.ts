import { err, ok, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { FenceImport, ImportNotFound, ImportState } from './fence-import.ts';
import { getFenceImport, lockFenceImport } from './get-fence-import.ts';
import { nextFencesVersion } from './next-fences-version.ts';

/**
 * Makes all places of an open import into fences of one new fences version, in the order of the file. With
 * no place there is no version.
 */
export async function commitFenceImport(
  tenant: TenantScope,
  importId: number,
): Promise<Result<FenceImport, ImportNotFound | ImportState>> {
  const { tenantId, db } = tenant;
  const found = await lockFenceImport(tenant, importId, true);
  if (found === null) return err({ code: 'IMPORT_NOT_FOUND', importId });
  if (found.state !== 'open') return err({ code: 'IMPORT_STATE', importId, state: found.state });
  const version = found.places === 0 ? null : await nextFencesVersion(tenant);
  if (version !== null) {
    await sql`
      with place as materialized (
        select nextval('followme.fence_id_seq')::int as id, name, shape
          from (select name, shape from followme.fence_import_place
                 where tenant_id = ${tenantId} and import_id = ${importId} order by position) in_order
      ), made as (
        insert into followme.fence (id, tenant_id, name, version, import_id)
        select id, ${tenantId}, name, ${version}, ${importId}::int from place
      )
      insert into followme.fence_version (tenant_id, fence_id, from_version, name, shape, group_ids)
      select ${tenantId}, place.id, ${version}, place.name, place.shape, i.group_ids
        from place, followme.fence_import i
       where i.tenant_id = ${tenantId} and i.id = ${importId}
    `.execute(db);
    await sql`
      delete from followme.fence_import_place
       where tenant_id = ${tenantId} and import_id = ${importId}
    `.execute(db);
  }
  await sql`
    update followme.fence_import set state = 'done', places = ${found.places}, version = ${version}
     where tenant_id = ${tenantId} and id = ${importId}
  `.execute(db);
  const done = await getFenceImport(tenant, importId);
  return done === null ? err({ code: 'IMPORT_NOT_FOUND', importId }) : ok(done);
}
