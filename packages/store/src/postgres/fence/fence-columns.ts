import type { FenceId } from '@followme/model';
import { sql } from 'kysely';

/** The tenant has no such fence, or it is deleted. */
export interface FenceNotFound {
  readonly code: 'FENCE_NOT_FOUND';
  readonly fenceId: FenceId;
}

/** The columns of a `Fence`, from `followme.fence_version v`. */
export const fenceColumns = sql`
  v.tenant_id as "tenantId", v.fence_id as "fenceId", v.name, v.shape, v.from_version::float8 as version
`;
