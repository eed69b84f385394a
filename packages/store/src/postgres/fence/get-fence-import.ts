import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { importColumns, type FenceImport } from './fence-import.ts';

/** An import as it stands; null when the tenant has no such one or it was given up. */
export async function getFenceImport(
  tenant: TenantScope,
  importId: number,
): Promise<FenceImport | null> {
  const { rows } = await sql<FenceImport>`
    select ${importColumns} from followme.fence_import i
     where i.tenant_id = ${tenant.tenantId} and i.id = ${importId}
  `.execute(tenant.db);
  return rows[0] ?? null;
}

/** The same, held until the end of the transaction: pieces beside each other, anything else alone. */
export async function lockFenceImport(
  tenant: TenantScope,
  importId: number,
  alone: boolean,
): Promise<FenceImport | null> {
  const { rows } = await sql`
    select from followme.fence_import i
     where i.tenant_id = ${tenant.tenantId} and i.id = ${importId}
       ${alone ? sql`for update` : sql`for share`}
  `.execute(tenant.db);
  // read again: whoever held it before may have changed it
  return rows.length === 0 ? null : getFenceImport(tenant, importId);
}
