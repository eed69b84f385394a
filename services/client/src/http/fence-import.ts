/**
 * Files of places that become fences: begun, sent in pieces, then made at once, or given up. Made ones can be
 * taken back.
 */
import {
  CreateFenceImportBodySchema,
  FenceImportParamsSchema,
  FenceImportPieceBodySchema,
  FenceImportPieceSchema,
  FenceImportSchema,
  MAX_IMPORT_PLACES,
  type FenceImportPieceBody,
  type FenceImportReply,
} from '@followme/contracts';
import { trustedId, type GroupId } from '@followme/model';
import {
  addImportPlaces,
  commitFenceImport,
  createFenceImport,
  getFenceImport,
  withdrawFenceImport,
  type FenceImport,
  type ImportPlace,
} from '@followme/store';
import { announceFences } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { parseGeometry } from './fence-geometry.ts';
import { toPlaceName } from './place-name.ts';
import { defineRoute, type Route } from './route.ts';
import { refuseUnknownGroups } from './unknown-ids.ts';

type ImportDeps = Pick<HttpDeps, 'log' | 'clock'>;

const TAG = 'fence imports';
/** Room for a piece of large places, or for one place of 100,000 vertices. */
const PIECE_LIMIT_BYTES = 5 * 1024 * 1024;

/** The routes of this file. */
export function fenceImportRoutes(deps: ImportDeps): readonly Route[] {
  return [createRoute(deps), pieceRoute(), commitRoute(deps), getRoute(), withdrawRoute(deps)];
}

const toReply = ({ importId, name, state, places }: FenceImport): FenceImportReply => ({
  id: importId,
  name,
  state,
  places,
});

function createRoute({ clock }: ImportDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/fence-imports',
    access: 'administrator',
    summary: 'Begins an import; one that stays open for a day is forgotten',
    tag: TAG,
    body: CreateFenceImportBodySchema,
    reply: FenceImportSchema,
    status: 201,
    handle: ({ caller, body }) =>
      caller.inTenant(async (tenant) => {
        const { name, groupIds = null } = body;
        const unknown = await refuseUnknownGroups(tenant, groupIds ?? []);
        if (unknown !== null) return unknown;
        const begun = await createFenceImport(tenant, {
          name,
          groupIds: groupIds === null ? null : groupIds.map((id) => trustedId<GroupId>(id)),
          userId: caller.session.userId,
          nowMs: clock.nowMs(),
        });
        return answer(toReply(begun));
      }),
  });
}

/** The places of a piece that can be fences, and what is wrong with the others. */
function readPiece({ from, places }: FenceImportPieceBody) {
  const taken: ImportPlace[] = [];
  const refused: { index: number; reason: string }[] = [];
  for (const [offset, place] of places.entries()) {
    const index = from + offset;
    const shape = parseGeometry(place.geometry);
    if (shape.ok) {
      taken.push({ index, name: toPlaceName(place.name, index), shape: shape.value });
    } else refused.push({ index, reason: shape.error.reason ?? 'NOT_GEOJSON' });
  }
  return { taken, refused };
}

function pieceRoute(): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/fence-imports/:importId/places',
    access: 'administrator',
    summary: 'Sends a piece; what cannot be a fence is named and left out',
    tag: TAG,
    params: FenceImportParamsSchema,
    body: FenceImportPieceBodySchema,
    reply: FenceImportPieceSchema,
    bodyLimit: PIECE_LIMIT_BYTES,
    async handle({ caller, params, body }) {
      const { from, places } = body;
      if (from + places.length > MAX_IMPORT_PLACES) {
        const detail = `Got place ${from + places.length}, expected at most ${MAX_IMPORT_PLACES}`;
        return refuse('VALIDATION_FAILED', { detail, path: '/body/from' });
      }
      const { taken, refused } = readPiece(body);
      const added = await caller.inTenant((tenant) =>
        addImportPlaces(tenant, params.importId, { from, count: places.length, places: taken }),
      );
      if (!added.ok) return refuse(added.error.code);
      return answer({ taken: taken.length, refused });
    },
  });
}

function commitRoute({ log }: ImportDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/fence-imports/:importId/commit',
    access: 'administrator',
    summary: 'Makes all places of the import into fences at once',
    tag: TAG,
    params: FenceImportParamsSchema,
    reply: FenceImportSchema,
    async handle({ caller, params }) {
      const done = await caller.inTenant((tenant) => commitFenceImport(tenant, params.importId));
      if (!done.ok) return refuse(done.error.code);
      announceFences(log, caller.session.tenantId);
      return answer(toReply(done.value));
    },
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/fence-imports/:importId',
    access: 'administrator',
    summary: 'One import',
    tag: TAG,
    params: FenceImportParamsSchema,
    reply: FenceImportSchema,
    async handle({ caller, params }) {
      const found = await caller.inTenant((tenant) => getFenceImport(tenant, params.importId));
      return found === null ? refuse('IMPORT_NOT_FOUND') : answer(toReply(found));
    },
  });
}

function withdrawRoute({ log }: ImportDeps): Route {
  return defineRoute({
    method: 'DELETE',
    url: '/api/fence-imports/:importId',
    access: 'administrator',
    summary:
      'Gives an open import up; takes a done one back, but for the fences that somebody changed since',
    tag: TAG,
    params: FenceImportParamsSchema,
    reply: null,
    async handle({ caller, params }) {
      const gone = await caller.inTenant((tenant) => withdrawFenceImport(tenant, params.importId));
      if (!gone.ok) return refuse(gone.error.code);
      if (gone.value !== null) announceFences(log, caller.session.tenantId);
      return answer(null);
    },
  });
}
