/** Fences: GeoJSON in and out. */
import { isDeepStrictEqual } from 'node:util';
import {
  CreateFenceBodySchema,
  FencePageSchema,
  FenceParamsSchema,
  FenceReplySchema,
  PageQuerySchema,
  UpdateFenceBodySchema,
  type FenceReply,
} from '@followme/contracts';
import { ok, trustedId, type Fence, type FenceId } from '@followme/model';
import {
  createFence,
  deleteFence,
  getFence,
  listFences,
  updateFence,
  type FenceChange,
} from '@followme/store';
import { announceFences } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { parseGeometry, toGeometry } from './fence-geometry.ts';
import { given } from './given.ts';
import { pageOfAll } from './page-of-all.ts';
import { defineRoute, type Route } from './route.ts';

type FenceDeps = Pick<HttpDeps, 'log'>;

const TAG = 'fences';
/** Room for the 100,000 vertices a fence may have. */
const BODY_LIMIT_BYTES = 5 * 1024 * 1024;

/** The routes of this file. */
export function fenceRoutes(deps: FenceDeps): readonly Route[] {
  return [listRoute(), createRoute(deps), getRoute(), updateRoute(deps), deleteRoute(deps)];
}

const toReply = (fence: Fence): FenceReply => ({
  id: fence.fenceId,
  name: fence.name,
  geometry: toGeometry(fence.shape),
  groupIds: null,
  version: fence.version,
});
/** Whether a change would leave the fence as it is. */
const isSame = ({ name, shape }: Fence, change: FenceChange): boolean =>
  isDeepStrictEqual({ name, shape }, { name, shape, ...change });
const toFenceId = (id: number): FenceId => trustedId<FenceId>(id);

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/fences',
    access: 'signedIn',
    summary: 'The fences of the tenant, by name',
    tag: TAG,
    query: PageQuerySchema,
    reply: FencePageSchema,
    async handle({ caller, query }) {
      const fences = await caller.inTenant(listFences);
      const page = pageOfAll(
        fences.map((fence) => ({ id: fence.fenceId, fence })),
        query,
      );
      if (!page.ok) return refuse(page.error);
      const { items, nextCursor } = page.value;
      const version = Math.max(0, ...fences.map((fence) => fence.version));
      return answer({
        items: items.map(({ fence }) => toReply(fence)),
        nextCursor,
        version,
        deletedIds: [],
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
    bodyLimit: BODY_LIMIT_BYTES,
    async handle({ caller, body }) {
      const shape = parseGeometry(body.geometry);
      if (!shape.ok) return refuse('FENCE_INVALID', shape.error);
      const fence = await caller.inTenant((tenant) =>
        createFence(tenant, { name: body.name, shape: shape.value }),
      );
      announceFences(log, caller.session.tenantId);
      return answer(toReply(fence));
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
    summary: 'Changes what is sent and leaves the rest; what changes nothing makes no new version',
    tag: TAG,
    params: FenceParamsSchema,
    body: UpdateFenceBodySchema,
    reply: FenceReplySchema,
    bodyLimit: BODY_LIMIT_BYTES,
    async handle({ caller, params, body }) {
      const { name, geometry } = body;
      const shape = geometry === undefined ? ok(undefined) : parseGeometry(geometry);
      if (!shape.ok) return refuse('FENCE_INVALID', shape.error);
      const change = given({ name, shape: shape.value });
      const fenceId = toFenceId(params.fenceId);
      const { before, after } = await caller.inTenant(async (tenant) => {
        const found = await getFence(tenant, fenceId);
        // a version without a change would be judged and told for nothing
        if (found !== null && isSame(found, change)) return { before: found, after: ok(found) };
        return { before: found, after: await updateFence(tenant, fenceId, change) };
      });
      if (!after.ok) return refuse(after.error.code);
      if (after.value !== before) announceFences(log, caller.session.tenantId);
      return answer(toReply(after.value));
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
