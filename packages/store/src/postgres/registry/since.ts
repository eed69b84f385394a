import type { TenantId } from '@followme/model';

/** Per tenant, the registry revision a reader has seen; a tenant that is not in it was never seen. */
export type SeenRevisions = ReadonlyMap<TenantId, number>;

/** The two columns of a `SeenRevisions`, for `unnest`. */
export function seenColumns(since: SeenRevisions): {
  readonly tenantIds: readonly number[];
  readonly revisions: readonly number[];
} {
  return { tenantIds: [...since.keys()], revisions: [...since.values()] };
}
