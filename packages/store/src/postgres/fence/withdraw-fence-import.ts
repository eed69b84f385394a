import { err, ok, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { ImportNotFound, ImportState } from './fence-import.ts';
import { lockFenceImport } from './get-fence-import.ts';
import { nextFencesVersion } from './next-fences-version.ts';

/**
 * Gives an open import up, with all that arrived of it; takes a done one back: its fences go in one new
 * fences version, but for those somebody has changed since.
 * @returns the number of fences that went; null for one that was open.
 */
export async function withdrawFenceImport(
  tenant: TenantScope,
  importId: number,
): Promise<Result<number | null, ImportNotFound | ImportState>> {
  const { tenantId, db } = tenant;
  const found = await lockFenceImport(tenant, importId, true);
  if (found === null) return err({ code: 'IMPORT_NOT_FOUND', importId });
  if (found.state === 'undone') return err({ code: 'IMPORT_STATE', importId, state: 'undone' });
  if (found.state === 'open') {
    await sql`
      delete from followme.fence_import where tenant_id = ${tenantId} and id = ${importId}
    `.execute(db);
    return ok(null);
  }
  const gone = await takeBack(tenant, importId);
  await sql`
    update followme.fence_import set state = 'undone' where tenant_id = ${tenantId} and id = ${importId}
  `.execute(db);
  return ok(gone);
}

async function takeBack(tenant: TenantScope, importId: number): Promise<number> {
  const { tenantId, db } = tenant;
  const version = await nextFencesVersion(tenant);
  // all of them began in one version: who has that one still was never changed
  const { rows } = await sql<{ gone: number }>`
    with gone as (
      update followme.fence f set deleted_at = now(), version = ${version}
       where f.tenant_id = ${tenantId} and f.import_id = ${importId} and f.deleted_at is null
         and f.version = (select min(v.from_version) from followme.fence_version v
                           where v.tenant_id = ${tenantId} and v.fence_id = f.id)
      returning f.id
    ), closed as (
      update followme.fence_version v set to_version = ${version}
        from gone
       where v.tenant_id = ${tenantId} and v.fence_id = gone.id and v.to_version is null
    )
    select count(*)::int as gone from gone
  `.execute(db);
  return rows[0]?.gone ?? 0;
}
