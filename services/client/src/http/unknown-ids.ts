/**
 * Ids in a request that the tenant does not have are refused by name and place, those of other tenants
 * included, and nothing is changed: what was passed over in silence would look as if it had been done.
 */
import type { ErrorCode } from '@followme/contracts';
import {
  trustedId,
  type FenceId,
  type GroupId,
  type TrackerId,
  type UserId,
  type WebhookId,
} from '@followme/model';
import {
  unknownFenceIds,
  unknownGroupIds,
  unknownTrackerIds,
  unknownUserIds,
  unknownWebhookIds,
  type TenantScope,
} from '@followme/store';
import { refuse, type Answer } from './answer.ts';
import { seesGroup, type View } from './visibility.ts';

/** Ids named in a refusal: enough to find the mistake, whatever was sent. */
const MAX_NAMED_IDS = 20;

/** Where ids stand in a request and what they are ids of. */
interface IdsPlace {
  readonly code: ErrorCode;
  /** In the plural, for people. */
  readonly what: string;
  /** JSON pointer into the request. */
  readonly path: string;
}

/** The refusal of ids that do not exist; null when there are none. */
function refuseUnknown(unknown: readonly number[], place: IdsPlace): Answer<never> | null {
  if (unknown.length === 0) return null;
  const { code, what, path } = place;
  const named = unknown.slice(0, MAX_NAMED_IDS).join(', ');
  return refuse(code, { detail: `Got ${what} that do not exist: ${named}`, path });
}

/** The refusal of groups that the tenant does not have; null when it has them all. */
export async function refuseUnknownGroups(
  tenant: TenantScope,
  ids: readonly number[] = [],
  path = '/body/groupIds',
): Promise<Answer<never> | null> {
  const unknown = await unknownGroupIds(
    tenant,
    ids.map((id) => trustedId<GroupId>(id)),
  );
  return refuseUnknown(unknown, { code: 'GROUP_NOT_FOUND', what: 'groups', path });
}

/** The refusal of groups that the tenant does not have or that are not in view; null when there are none. */
export async function refuseUnseenGroups(
  tenant: TenantScope,
  view: View,
  ids: readonly GroupId[],
): Promise<Answer<never> | null> {
  const unknown = new Set(await unknownGroupIds(tenant, ids));
  const unseen = ids.filter((id) => unknown.has(id) || !seesGroup(view, id));
  return refuseUnknown(unseen, { code: 'GROUP_NOT_FOUND', what: 'groups', path: '/body/groupIds' });
}

/** The refusal of people who are nobody of the tenant; null when it knows them all. */
export async function refuseUnknownUsers(
  tenant: TenantScope,
  ids: readonly number[] = [],
  path = '/body/userIds',
): Promise<Answer<never> | null> {
  const unknown = await unknownUserIds(
    tenant,
    ids.map((id) => trustedId<UserId>(id)),
  );
  return refuseUnknown(unknown, { code: 'USER_NOT_FOUND', what: 'people', path });
}

/** The refusal of trackers that the tenant does not have; null when it has them all. */
export async function refuseUnknownTrackers(
  tenant: TenantScope,
  ids: readonly number[] = [],
  path = '/body/trackerIds',
): Promise<Answer<never> | null> {
  const unknown = await unknownTrackerIds(
    tenant,
    ids.map((id) => trustedId<TrackerId>(id)),
  );
  return refuseUnknown(unknown, { code: 'TRACKER_NOT_FOUND', what: 'trackers', path });
}

/** The refusal of fences that the tenant does not have; null when it has them all. */
export async function refuseUnknownFences(
  tenant: TenantScope,
  ids: readonly number[] = [],
  path = '/body/fenceIds',
): Promise<Answer<never> | null> {
  const unknown = await unknownFenceIds(
    tenant,
    ids.map((id) => trustedId<FenceId>(id)),
  );
  return refuseUnknown(unknown, { code: 'FENCE_NOT_FOUND', what: 'fences', path });
}

/** The refusal of webhooks that the tenant does not have; null when it has them all. */
export async function refuseUnknownWebhooks(
  tenant: TenantScope,
  ids: readonly number[] = [],
  path = '/body/webhookIds',
): Promise<Answer<never> | null> {
  const unknown = await unknownWebhookIds(
    tenant,
    ids.map((id) => trustedId<WebhookId>(id)),
  );
  return refuseUnknown(unknown, { code: 'WEBHOOK_NOT_FOUND', what: 'webhooks', path });
}
