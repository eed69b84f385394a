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

/**
 * Tenants in which something changed since; all that are not in `since`. Asked for every second, so that the
 * tables behind are read only where there is something to find.
 */
export function changedTenants(
  since: SeenRevisions,
  present: ReadonlyMap<TenantId, { readonly registryRevision: number }>,
): readonly TenantId[] {
  return [...present]
    .filter(([tenantId, { registryRevision }]) => since.get(tenantId) !== registryRevision)
    .map(([tenantId]) => tenantId);
}
