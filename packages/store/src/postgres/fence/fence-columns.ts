import type { FenceId } from '@followme/model';
import { sql } from 'kysely';

/** The tenant has no such fence, or it is deleted. */
export interface FenceNotFound {
  readonly code: 'FENCE_NOT_FOUND';
  readonly fenceId: FenceId;
}

/** Somebody gave the fence another form than the one the caller started from. */
export interface FenceChanged {
  readonly code: 'FENCE_CHANGED';
  readonly fenceId: FenceId;
  /** The version of its present form. */
  readonly version: number;
}

/** The columns of a `Fence`, from `followme.fence_version v`. */
export const fenceColumns = sql`
  v.tenant_id as "tenantId", v.fence_id as "fenceId", v.name, v.shape, v.group_ids as "groupIds", v.from_version::float8 as version
`;
