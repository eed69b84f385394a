import { err, ok, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import type { ImportNotFound, ImportPlace, ImportState } from './fence-import.ts';
import { lockFenceImport } from './get-fence-import.ts';

/** The numbers of the file that a piece speaks for: what it does not bring again is gone. */
export interface ImportStretch {
  readonly from: number;
  readonly count: number;
}

/** Takes a piece of an open import; sent again it replaces what was there. The shapes were checked. */
export async function addImportPlaces(
  tenant: TenantScope,
  importId: number,
  piece: ImportStretch & { readonly places: readonly ImportPlace[] },
): Promise<Result<void, ImportNotFound | ImportState>> {
  const found = await lockFenceImport(tenant, importId, false);
  if (found === null) return err({ code: 'IMPORT_NOT_FOUND', importId });
  if (found.state !== 'open') return err({ code: 'IMPORT_STATE', importId, state: found.state });
  await sql`
    delete from followme.fence_import_place
     where tenant_id = ${tenant.tenantId} and import_id = ${importId}
       and position >= ${piece.from} and position < ${piece.from + piece.count}
  `.execute(tenant.db);
  const { places } = piece;
  await sql`
    insert into followme.fence_import_place (tenant_id, import_id, position, name, shape)
    select ${tenant.tenantId}, ${importId}, place.position, place.name, place.shape
      from unnest(${places.map((p) => p.index)}::int[], ${places.map((p) => p.name)}::text[],
                  ${places.map((p) => JSON.stringify(p.shape))}::jsonb[]) as place (position, name, shape)
  `.execute(tenant.db);
  return ok(undefined);
}
