import { err, ok, trustedId, type Fence, type FenceId, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import { boundedLimit, pageOf, parseCursor, type CursorError, type Page } from '../page.ts';
import { fenceColumns } from './fence-columns.ts';

/** What of a tenant's fences to list. */
export interface FenceQuery {
  readonly limit: number;
  readonly cursor?: string;
  /** Only what changed after this fences version; 0 or left out lists all. */
  readonly since?: number;
}

/** A page of fences, the form they took last at the end. */
export interface FencesPage extends Page<Fence> {
  /**
   * The tenant's fences version before the page was read. Whoever has read all pages asks with that of the
   * first one as `since` and gets what changed meanwhile, some of it for the second time.
   */
  readonly version: number;
  /** On the first page: fences of `since` that are gone. */
  readonly deletedIds: readonly FenceId[];
}

/**
 * The tenant's fences in their present form, or those that changed after `since`. Each page is one stretch
 * of an index. A fence that takes a new form while somebody pages moves to the end, so it may come twice but
 * is never left out.
 */
export async function listFences(
  tenant: TenantScope,
  query: FenceQuery,
): Promise<Result<FencesPage, CursorError>> {
  const from = parseCursor(query.cursor, /^\d{1,10}$/);
  if (!from.ok) return from;
  const fenceId = Number(from.value?.text ?? 0);
  if (fenceId > MAX_ID) return err({ code: 'CURSOR_MALFORMED', got: query.cursor ?? '' });
  const limit = boundedLimit(query.limit);
  const since = query.since ?? 0;
  // read first: what is committed between the two is in the page already and comes again with `since`
  const version = await fencesVersion(tenant);
  const afterVersion = from.value?.number ?? since;
  const { rows } = await sql<Fence>`
    select ${fenceColumns} from followme.fence_version v
     where v.tenant_id = ${tenant.tenantId} and v.to_version is null
       and (v.from_version, v.fence_id) >
           (${afterVersion}::int8, ${from.value === null ? MAX_ID : fenceId}::int)
     order by v.from_version, v.fence_id
     limit ${limit + 1}
  `.execute(tenant.db);
  const isFirst = query.cursor === undefined;
  const deletedIds = isFirst && since > 0 ? await deletedSince(tenant, since) : [];
  const page = pageOf(rows, limit, (fence) => ({
    number: fence.version,
    text: String(fence.fenceId),
  }));
  return ok({ ...page, version, deletedIds });
}

const MAX_ID = 2 ** 31 - 1;

async function fencesVersion(tenant: TenantScope): Promise<number> {
  const result = await sql<{ version: number }>`
    select fences_version::float8 as version from followme.tenant where id = ${tenant.tenantId}
  `.execute(tenant.db);
  return onlyRow(result, `tenant ${tenant.tenantId}`).version;
}

async function deletedSince(tenant: TenantScope, since: number): Promise<FenceId[]> {
  const { rows } = await sql<{ id: number }>`
    select f.id from followme.fence f
     where f.tenant_id = ${tenant.tenantId} and f.deleted_at is not null and f.version > ${since}
       and exists (select from followme.fence_version v
                    where v.fence_id = f.id and v.tenant_id = f.tenant_id and v.from_version <= ${since})
     order by f.id
  `.execute(tenant.db);
  return rows.map(({ id }) => trustedId<FenceId>(id));
}
