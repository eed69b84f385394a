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

/** Plain statements over one version of one tenant: they need no statistics of rows that came just now. */
async function takeBack(tenant: TenantScope, importId: number): Promise<number> {
  const { tenantId, db } = tenant;
  const { rows } = await sql<{ began: number | null }>`
    select version::float8 as began from followme.fence_import
     where tenant_id = ${tenantId} and id = ${importId}
  `.execute(db);
  const began = rows[0]?.began ?? null;
  if (began === null) return 0;
  const version = await nextFencesVersion(tenant);
  // nothing else began in that version, and who has it still was never changed
  await sql`
    update followme.fence_version set to_version = ${version}
     where tenant_id = ${tenantId} and from_version = ${began} and to_version is null
  `.execute(db);
  const gone = await sql<{ count: number }>`
    with gone as (
      update followme.fence set deleted_at = now(), version = ${version}
       where tenant_id = ${tenantId} and import_id = ${importId} and version = ${began}
         and deleted_at is null
      returning 1
    )
    select count(*)::int as count from gone
  `.execute(db);
  return gone.rows[0]?.count ?? 0;
}
