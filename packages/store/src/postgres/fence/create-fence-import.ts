import type { GroupId, UserId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { importColumns, type FenceImport } from './fence-import.ts';

/** An open import that nobody finished is kept this long. */
const OPEN_IMPORT_HOURS = 24;

/** Begins an import, and takes the tenant's away that were left open for a day. */
export async function createFenceImport(
  tenant: TenantScope,
  begun: {
    readonly name: string;
    /** Whom its fences are for; null is every tracker. */
    readonly groupIds: readonly GroupId[] | null;
    readonly userId: UserId;
    readonly nowMs: number;
  },
): Promise<FenceImport> {
  const staleMs = begun.nowMs - OPEN_IMPORT_HOURS * 3_600_000;
  await sql`
    delete from followme.fence_import
     where tenant_id = ${tenant.tenantId} and state = 'open'
       and created_at < followme.from_epoch_ms(${staleMs}::float8)
  `.execute(tenant.db);
  const groupIds = begun.groupIds === null ? null : [...begun.groupIds];
  const result = await sql<FenceImport>`
    with i as (
      insert into followme.fence_import (tenant_id, name, group_ids, created_by, created_at)
      values (${tenant.tenantId}, ${begun.name}, ${groupIds}::int[], ${begun.userId},
              followme.from_epoch_ms(${begun.nowMs}::float8))
      returning *
    )
    select ${importColumns} from i
  `.execute(tenant.db);
  return onlyRow(result, 'insert of an import');
}
