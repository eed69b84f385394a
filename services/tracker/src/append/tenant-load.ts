import type { TenantId } from '@followme/model';

/** What a tenant has in the batches that are not durable yet. Only the batches change it. */
export interface TenantLoad {
  readonly tenantId: TenantId;
  /** Bytes of its rows, in flight included. */
  pendingBytes: number;
}

/** Whose fixes these are; one for each connection that named a device. */
export interface FixOwner {
  readonly tenantId: number;
  readonly trackerId: number;
  readonly load: TenantLoad;
}
