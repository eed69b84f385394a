/** Places over HTTP: fences, what changed of them, and files of them. */
import type {
  CreateFenceBody,
  CreateFenceImportBody,
  FenceImportPiece,
  FenceImportPieceBody,
  FenceImportReply,
  FencePage,
  FencePreviewBody,
  FencePreviewReply,
  FenceReply,
  UpdateFenceBody,
} from '@followme/contracts';
import { request, requestJson } from './client.ts';

/** The most that the server gives at once. */
const PAGE_SIZE = 1_000;
/** More places than an organisation keeps apart; the map would hold them, people would not. */
const MAX_FENCES = 300_000;

/** Every place, and the version that says which they are. The array is a new one when anything changed. */
export interface FenceList {
  readonly version: number;
  /** In the order of the server: what was changed last stands last. */
  readonly fences: readonly FenceReply[];
}

/**
 * All places; with `known` only what changed since is asked for. Places that are the same stay the same objects.
 * @throws ApiError
 */
export async function fetchFenceList(
  known: FenceList | undefined,
  signal: AbortSignal,
): Promise<FenceList> {
  const byId = new Map(known?.fences.map((fence) => [fence.id, fence]));
  let version: number | null = null;
  let cursor: string | null = null;
  let isSame = known !== undefined;
  do {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (known !== undefined) query.set('since', String(known.version));
    if (cursor !== null) query.set('cursor', cursor);
    const page: FencePage = await requestJson(`/api/fences?${query}`, { signal });
    for (const id of page.deletedIds) isSame = !byId.delete(id) && isSame;
    for (const fence of page.items) {
      if (byId.get(fence.id)?.version === fence.version) continue;
      byId.delete(fence.id); // what changed last stands last
      byId.set(fence.id, fence);
      isSame = false;
    }
    // of the first page: what changes while one reads comes again next time
    version ??= page.version;
    cursor = page.nextCursor;
  } while (cursor !== null && byId.size < MAX_FENCES);
  if (known !== undefined && isSame) return { version, fences: known.fences };
  return { version, fences: [...byId.values()] };
}

/** @throws ApiError FENCE_NOT_FOUND */
export function fetchFence(fenceId: number): Promise<FenceReply> {
  return requestJson(`/api/fences/${fenceId}`);
}

/** @throws ApiError FENCE_INVALID, GROUP_NOT_FOUND */
export function createFence(body: CreateFenceBody): Promise<FenceReply> {
  return requestJson('/api/fences', { method: 'POST', body });
}

/** Changes what is named. @throws ApiError FENCE_CHANGED when `ifVersion` is another, FENCE_INVALID, FENCE_NOT_FOUND */
export function updateFence(fenceId: number, body: UpdateFenceBody): Promise<FenceReply> {
  return requestJson(`/api/fences/${fenceId}`, { method: 'PATCH', body });
}

/** @throws ApiError FENCE_NOT_FOUND */
export async function deleteFence(fenceId: number): Promise<void> {
  await request(`/api/fences/${fenceId}`, { method: 'DELETE' });
}

/** What a place would have seen. @throws ApiError FENCE_INVALID, GROUP_NOT_FOUND, OVERLOADED */
export function previewFence(
  body: FencePreviewBody,
  signal: AbortSignal,
): Promise<FencePreviewReply> {
  return requestJson('/api/fences/preview', { method: 'POST', body, signal });
}

/** Begins a file of places. @throws ApiError GROUP_NOT_FOUND */
export function beginFenceImport(body: CreateFenceImportBody): Promise<FenceImportReply> {
  return requestJson('/api/fence-imports', { method: 'POST', body });
}

/** Sends a stretch of it. @throws ApiError IMPORT_STATE, IMPORT_NOT_FOUND */
export function sendFenceImportPiece(
  importId: number,
  body: FenceImportPieceBody,
): Promise<FenceImportPiece> {
  return requestJson(`/api/fence-imports/${importId}/places`, { method: 'POST', body });
}

/** A hundred thousand places are seconds of work for the server, and more while it is busy. */
const MANY_PLACES_LIMIT_MS = 120_000;

/**
 * Makes all of it into places at once. When the answer is lost it is asked for: places that were made are not taken
 * for a failure.
 * @throws ApiError IMPORT_STATE, IMPORT_NOT_FOUND
 */
export async function commitFenceImport(importId: number): Promise<FenceImportReply> {
  const path = `/api/fence-imports/${importId}`;
  const limitMs = MANY_PLACES_LIMIT_MS;
  try {
    return await requestJson<FenceImportReply>(`${path}/commit`, { method: 'POST', limitMs });
  } catch (error) {
    const now = await requestJson<FenceImportReply>(path).catch(() => null);
    if (now?.state === 'done') return now;
    throw error;
  }
}

/** Gives up what is not finished, takes back what is. @throws ApiError IMPORT_STATE, IMPORT_NOT_FOUND */
export async function withdrawFenceImport(importId: number): Promise<void> {
  const limitMs = MANY_PLACES_LIMIT_MS;
  await request(`/api/fence-imports/${importId}`, { method: 'DELETE', limitMs });
}
