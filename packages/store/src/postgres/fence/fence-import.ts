import type { FenceShape, TenantId } from '@followme/model';
import { sql } from 'kysely';

/**
 * A file of places on its way to become fences: `open` while pieces arrive, `done` when its fences hold,
 * `undone` when they were taken back. One that is given up while open is no more.
 */
export interface FenceImport {
  readonly tenantId: TenantId;
  readonly importId: number;
  readonly name: string;
  readonly state: 'open' | 'done' | 'undone';
  /** While open the places that arrived, then those that became fences. */
  readonly places: number;
}

/** One place of a file. */
export interface ImportPlace {
  /** Its number in the file; a place that comes with the same one replaces it. */
  readonly index: number;
  readonly name: string;
  readonly shape: FenceShape;
}

/** The tenant has no such import, or it was given up. */
export interface ImportNotFound {
  readonly code: 'IMPORT_NOT_FOUND';
  readonly importId: number;
}

/** The import is in another state than the one this is done in. */
export interface ImportState {
  readonly code: 'IMPORT_STATE';
  readonly importId: number;
  readonly state: FenceImport['state'];
}

/** The columns of a `FenceImport`, from `followme.fence_import i`. */
export const importColumns = sql`
  i.tenant_id as "tenantId", i.id as "importId", i.name, i.state,
  case when i.state = 'open'
       then (select count(*)::int from followme.fence_import_place p where p.import_id = i.id)
       else i.places end as places
`;
