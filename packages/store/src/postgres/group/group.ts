import type { GroupId, TenantId, TrackerId, UserId } from '@followme/model';

/** A set of trackers and the people who may see them. */
export interface Group {
  readonly tenantId: TenantId;
  readonly groupId: GroupId;
  /** Unique in the tenant. */
  readonly name: string;
  readonly createdAtMs: number;
  /** Ascending. */
  readonly trackerIds: readonly TrackerId[];
  /** Ascending. */
  readonly memberIds: readonly UserId[];
}

/** Another group of the tenant has this name. */
export interface GroupNameTaken {
  readonly code: 'GROUP_NAME_TAKEN';
  readonly name: string;
}

/** The tenant has no such group. */
export interface GroupNotFound {
  readonly code: 'GROUP_NOT_FOUND';
  readonly groupId: GroupId;
}
