/** Trackers and their devices. */
import {
  CreateTrackerBodySchema,
  DEFAULT_PAGE_LIMIT,
  TrackerPageSchema,
  TrackerParamsSchema,
  TrackerQuerySchema,
  TrackerSchema,
  UpdateTrackerBodySchema,
  type DeviceReply,
  type TrackerReply,
} from '@followme/contracts';
import { trustedId, type GroupId, type TrackerId } from '@followme/model';
import {
  createTracker,
  getTracker,
  listTrackers,
  retireTracker,
  updateTracker,
  type TenantScope,
  type Tracker,
} from '@followme/store';
import { announceRegistry } from './announce.ts';
import { answer, refuse, type Answer } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { given } from './given.ts';
import { defineRoute, type Caller, type Route } from './route.ts';
import { refuseUnknownGroups } from './unknown-ids.ts';
import { seesGroup, seesTracker, viewOf, type View } from './visibility.ts';

type TrackerDeps = Pick<HttpDeps, 'log' | 'config'>;

const TAG = 'trackers';

/** The routes of this file. */
export function trackerRoutes(deps: TrackerDeps): readonly Route[] {
  return [listRoute(), createRoute(deps), getRoute(), updateRoute(deps), deleteRoute(deps)];
}

// ids in checked requests have the form of ids; whether they exist is for the store to say
const toTrackerId = (id: number): TrackerId => trustedId<TrackerId>(id);
const toGroupIds = (ids: readonly number[]): GroupId[] => ids.map((id) => trustedId<GroupId>(id));

/** Identifiers of devices are told to those who deal with devices, not to everybody who may look. */
function toReply(tracker: Tracker, caller: Caller, view: View): TrackerReply {
  const { role } = caller.session;
  const mayKnowDevice = role === 'administrator' || role === 'operator';
  return {
    id: tracker.trackerId,
    name: tracker.name,
    groupIds: tracker.groupIds.filter((groupId) => seesGroup(view, groupId)),
    device: mayKnowDevice ? (tracker.devices[0] ?? null) : null,
  };
}

/** The refusal of a device that nothing here can listen to; null when there is none to refuse. */
function refuseUnspoken(
  device: DeviceReply | null | undefined,
  { deviceProtocols }: TrackerDeps['config'],
): Answer<never> | null {
  if (!device || deviceProtocols.includes(device.protocol)) return null;
  return refuse('DEVICE_PROTOCOL_UNKNOWN', {
    detail: `Got ${device.protocol}, expected one of: ${deviceProtocols.join(', ')}`,
    path: '/body/device/protocol',
  });
}

/** The tracker if it is in service and the caller may see it. */
export async function findTracker(
  tenant: TenantScope,
  caller: Caller,
  trackerId: TrackerId,
): Promise<TrackerReply | null> {
  const view = await viewOf(tenant, caller);
  if (!seesTracker(view, trackerId)) return null;
  const tracker = await getTracker(tenant, trackerId);
  if (tracker === null || tracker.retiredAtMs !== null) return null;
  return toReply(tracker, caller, view);
}

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/trackers',
    access: 'signedIn',
    summary: 'The trackers this session sees, by id',
    tag: TAG,
    query: TrackerQuerySchema,
    reply: TrackerPageSchema,
    handle: ({ caller, query }) =>
      caller.inTenant(async (tenant) => {
        const view = await viewOf(tenant, caller);
        const { limit = DEFAULT_PAGE_LIMIT, groupId, ...rest } = query;
        const page = await listTrackers(tenant, {
          ...given(rest),
          ...(groupId === undefined ? {} : { groupId: trustedId<GroupId>(groupId) }),
          visible: view.trackers,
          limit,
        });
        if (!page.ok) return refuse('CURSOR_INVALID');
        const items = page.value.items.map((tracker) => toReply(tracker, caller, view));
        return answer({ items, nextCursor: page.value.nextCursor });
      }),
  });
}

function createRoute({ log, config }: TrackerDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/trackers',
    access: 'administrator',
    summary: 'Makes a tracker, with the device that reports for it',
    tag: TAG,
    body: CreateTrackerBodySchema,
    reply: TrackerSchema,
    status: 201,
    async handle({ caller, body }) {
      const { name, groupIds = [], device } = body;
      const unspoken = refuseUnspoken(device, config);
      if (unspoken !== null) return unspoken;
      const outcome = await caller.inTenant(async (tenant) => {
        const unknownGroups = await refuseUnknownGroups(tenant, groupIds);
        if (unknownGroups !== null) return unknownGroups;
        const created = await createTracker(tenant, {
          name,
          groupIds: toGroupIds(groupIds),
          ...given({ device }),
        });
        if (!created.ok) return refuse(created.error.code);
        const made = await findTracker(tenant, caller, created.value);
        return made === null ? refuse('TRACKER_NOT_FOUND') : answer(made);
      });
      if (outcome.kind === 'ok') announceRegistry(log, caller.session.tenantId);
      return outcome;
    },
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/trackers/:trackerId',
    access: 'signedIn',
    summary: 'One tracker',
    tag: TAG,
    params: TrackerParamsSchema,
    reply: TrackerSchema,
    async handle({ caller, params }) {
      const found = await caller.inTenant((tenant) =>
        findTracker(tenant, caller, toTrackerId(params.trackerId)),
      );
      return found === null ? refuse('TRACKER_NOT_FOUND') : answer(found);
    },
  });
}

function updateRoute({ log, config }: TrackerDeps): Route {
  return defineRoute({
    method: 'PATCH',
    url: '/api/trackers/:trackerId',
    access: 'administrator',
    summary: 'Changes what is sent and leaves the rest; `device: null` takes the device away',
    tag: TAG,
    params: TrackerParamsSchema,
    body: UpdateTrackerBodySchema,
    reply: TrackerSchema,
    async handle({ caller, params, body }) {
      const trackerId = toTrackerId(params.trackerId);
      const { groupIds, ...rest } = body;
      const unspoken = refuseUnspoken(rest.device, config);
      if (unspoken !== null) return unspoken;
      const outcome = await caller.inTenant(async (tenant) => {
        const unknownGroups = await refuseUnknownGroups(tenant, groupIds);
        if (unknownGroups !== null) return unknownGroups;
        const updated = await updateTracker(tenant, trackerId, {
          ...given(rest),
          ...(groupIds === undefined ? {} : { groupIds: toGroupIds(groupIds) }),
        });
        if (!updated.ok) return refuse(updated.error.code);
        const tracker = await findTracker(tenant, caller, trackerId);
        return tracker === null ? refuse('TRACKER_NOT_FOUND') : answer(tracker);
      });
      if (outcome.kind === 'ok') announceRegistry(log, caller.session.tenantId);
      return outcome;
    },
  });
}

function deleteRoute({ log }: TrackerDeps): Route {
  return defineRoute({
    method: 'DELETE',
    url: '/api/trackers/:trackerId',
    access: 'administrator',
    summary: 'Takes a tracker out of service; its history stays',
    tag: TAG,
    params: TrackerParamsSchema,
    reply: null,
    async handle({ caller, params }) {
      const retired = await caller.inTenant((tenant) =>
        retireTracker(tenant, toTrackerId(params.trackerId)),
      );
      if (!retired.ok) return refuse(retired.error.code);
      announceRegistry(log, caller.session.tenantId);
      return answer(null);
    },
  });
}
