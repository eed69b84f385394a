/** Fences: GeoJSON in and out. */
import {
  CreateFenceBodySchema,
  DEFAULT_PAGE_LIMIT,
  FencePageSchema,
  FenceParamsSchema,
  FenceQuerySchema,
  FenceReplySchema,
  UpdateFenceBodySchema,
  type FenceReply,
} from '@followme/contracts';
import { ok, trustedId, type Fence, type FenceId, type GroupId } from '@followme/model';
import { createFence, deleteFence, getFence, listFences, updateFence } from '@followme/store';
import { announceFences } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { parseGeometry, toGeometry } from './fence-geometry.ts';
import { given } from './given.ts';
import { defineRoute, type Route } from './route.ts';
import { refuseUnknownGroups } from './unknown-ids.ts';

type FenceDeps = Pick<HttpDeps, 'log'>;

const TAG = 'fences';
/** Room for the 100,000 vertices a fence may have. */
export const FENCE_LIMIT_BYTES = 5 * 1024 * 1024;

/** The routes of this file. */
export function fenceRoutes(deps: FenceDeps): readonly Route[] {
  return [listRoute(), createRoute(deps), getRoute(), updateRoute(deps), deleteRoute(deps)];
}

const toReply = (fence: Fence): FenceReply => ({
  id: fence.fenceId,
  name: fence.name,
  geometry: toGeometry(fence.shape),
  groupIds: fence.groupIds === null ? null : [...fence.groupIds],
  version: fence.version,
});
/** Ids in a checked request, each once and ascending, as they are kept. */
const toGroupIds = (ids: readonly number[] | null): GroupId[] | null =>
  ids === null ? null : [...ids].sort((a, b) => a - b).map((id) => trustedId<GroupId>(id));
const toFenceId = (id: number): FenceId => trustedId<FenceId>(id);

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/fences',
    access: 'signedIn',
    summary:
      'The fences of the tenant, changed last at the end; with `since` what changed after it',
    tag: TAG,
    query: FenceQuerySchema,
    reply: FencePageSchema,
    async handle({ caller, query }) {
      const { limit = DEFAULT_PAGE_LIMIT, ...rest } = query;
      const page = await caller.inTenant((tenant) => listFences(tenant, { ...given(rest), limit }));
      if (!page.ok) return refuse('CURSOR_INVALID');
      const { items, nextCursor, version, deletedIds } = page.value;
      return answer({
        items: items.map(toReply),
        nextCursor,
        version,
        deletedIds: [...deletedIds],
      });
    },
  });
}

function createRoute({ log }: FenceDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/fences',
    access: 'administrator',
    summary: 'Makes a fence; a geometry that cannot be one is refused with reason and place',
    tag: TAG,
    body: CreateFenceBodySchema,
    reply: FenceReplySchema,
    status: 201,
    bodyLimit: FENCE_LIMIT_BYTES,
    async handle({ caller, body }) {
      const shape = parseGeometry(body.geometry);
      if (!shape.ok) return refuse('FENCE_INVALID', shape.error);
      const { name, groupIds = null } = body;
      const outcome = await caller.inTenant(async (tenant) => {
        const unknown = await refuseUnknownGroups(tenant, groupIds ?? []);
        if (unknown !== null) return unknown;
        const form = { name, shape: shape.value, groupIds: toGroupIds(groupIds) };
        return answer(toReply(await createFence(tenant, form)));
      });
      if (outcome.kind === 'ok') announceFences(log, caller.session.tenantId);
      return outcome;
    },
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/fences/:fenceId',
    access: 'signedIn',
    summary: 'One fence',
    tag: TAG,
    params: FenceParamsSchema,
    reply: FenceReplySchema,
    async handle({ caller, params }) {
      const fence = await caller.inTenant((tenant) => getFence(tenant, toFenceId(params.fenceId)));
      return fence === null ? refuse('FENCE_NOT_FOUND') : answer(toReply(fence));
    },
  });
}

function updateRoute({ log }: FenceDeps): Route {
  return defineRoute({
    method: 'PATCH',
    url: '/api/fences/:fenceId',
    access: 'administrator',
    summary:
      'Changes what is sent and leaves the rest, with `ifVersion` only when nobody else did; what changes nothing makes no new version',
    tag: TAG,
    params: FenceParamsSchema,
    body: UpdateFenceBodySchema,
    reply: FenceReplySchema,
    bodyLimit: FENCE_LIMIT_BYTES,
    async handle({ caller, params, body }) {
      const { name, geometry, groupIds, ifVersion } = body;
      const shape = geometry === undefined ? ok(undefined) : parseGeometry(geometry);
      if (!shape.ok) return refuse('FENCE_INVALID', shape.error);
      const change = given({
        name,
        shape: shape.value,
        groupIds: groupIds === undefined ? undefined : toGroupIds(groupIds),
        ifVersion,
      });
      const fenceId = toFenceId(params.fenceId);
      let isChanged = false;
      const outcome = await caller.inTenant(async (tenant) => {
        const unknown = await refuseUnknownGroups(tenant, groupIds ?? []);
        if (unknown !== null) return unknown;
        const before = await getFence(tenant, fenceId);
        const after = await updateFence(tenant, fenceId, change);
        if (!after.ok) return refuse(after.error.code);
        isChanged = before?.version !== after.value.version;
        return answer(toReply(after.value));
      });
      if (isChanged) announceFences(log, caller.session.tenantId);
      return outcome;
    },
  });
}

function deleteRoute({ log }: FenceDeps): Route {
  return defineRoute({
    method: 'DELETE',
    url: '/api/fences/:fenceId',
    access: 'administrator',
    summary: 'Takes a fence away; its events stay',
    tag: TAG,
    params: FenceParamsSchema,
    reply: null,
    async handle({ caller, params }) {
      const deleted = await caller.inTenant((tenant) =>
        deleteFence(tenant, toFenceId(params.fenceId)),
      );
      if (!deleted.ok) return refuse(deleted.error.code);
      announceFences(log, caller.session.tenantId);
      return answer(null);
    },
  });
}
