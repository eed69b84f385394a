/**
 * The files of `followme replay`: a GeoJSON FeatureCollection of fences, a track of one JSON object per
 * line, and events as objects to print. Ids may be text or numbers; inside they are numbers given in order
 * of appearance, outside they appear as they came.
 */
import { parseGeoJsonFence, type FenceProblem } from '@followme/geo';
import {
  err,
  ok,
  trustedId,
  type Fence,
  type FenceEvent,
  type FenceId,
  type Result,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { createReplay, type ReplayedEvent } from './replay.ts';

/** An id as a file has it. */
export type FileId = string | number;

/** Why a file was not understood. */
export type ReplayProblem =
  | { readonly code: 'NOT_A_FEATURE_COLLECTION'; readonly message: string }
  | {
      readonly code: 'FENCE_WITHOUT_ID' | 'DUPLICATE_FENCE_ID';
      readonly feature: number;
      readonly message: string;
    }
  | {
      readonly code: 'BAD_FENCE';
      readonly feature: number;
      readonly id: FileId;
      readonly problem: FenceProblem;
    }
  | { readonly code: 'BAD_TRACK_LINE'; readonly message: string };

/** The fences of a file, with the ids they have there. */
export interface ReplayFences {
  readonly fences: readonly Fence[];
  /** The id in the file of a fence. */
  idOf(fenceId: FenceId): FileId;
}

/** One event as it is printed. */
export interface ReplayLine {
  readonly type: FenceEvent['kind'];
  /** Id of the track line that decided it. */
  readonly id: FileId;
  readonly fence: FileId;
  /** Time of the fix that decided it, as the track line has it. */
  readonly fixTime: FileId;
  readonly initial: boolean;
  readonly lat: number;
  readonly lon: number;
}

const TENANT = trustedId<TenantId>(1);

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const isFileId = (value: unknown): value is FileId =>
  (typeof value === 'string' && value !== '') ||
  (typeof value === 'number' && Number.isFinite(value));

/** Reads the fences. A feature's id stands in `id`, or else in `properties.id`. */
export function parseReplayFences(input: unknown): Result<ReplayFences, ReplayProblem> {
  const features =
    isRecord(input) && input['type'] === 'FeatureCollection' ? input['features'] : null;
  if (!Array.isArray(features)) {
    return err({
      code: 'NOT_A_FEATURE_COLLECTION',
      message: 'Expected a GeoJSON FeatureCollection',
    });
  }
  const fences: Fence[] = [];
  const ids = new Map<string, FileId>();
  for (const [index, feature] of features.entries()) {
    const id = idOfFeature(feature);
    if (id === null) {
      return err({ code: 'FENCE_WITHOUT_ID', feature: index, message: 'Expected an id' });
    }
    if (ids.has(String(id))) {
      return err({ code: 'DUPLICATE_FENCE_ID', feature: index, message: `Got ${id} twice` });
    }
    ids.set(String(id), id);
    const shape = parseGeoJsonFence(feature);
    if (!shape.ok) return err({ code: 'BAD_FENCE', feature: index, id, problem: shape.error });
    fences.push({
      tenantId: TENANT,
      fenceId: trustedId<FenceId>(index + 1),
      name: String(id),
      shape: shape.value,
      version: 1,
      groupIds: null,
    });
  }
  const inOrder = [...ids.values()];
  return ok({ fences, idOf: (fenceId) => inOrder[fenceId - 1] ?? fenceId });
}

function idOfFeature(feature: unknown): FileId | null {
  if (!isRecord(feature)) return null;
  if (isFileId(feature['id'])) return feature['id'];
  const { properties } = feature;
  return isRecord(properties) && isFileId(properties['id']) ? properties['id'] : null;
}

/** Judges the lines of a track one after another. */
export interface TrackReader {
  /** The events a line decides, ready to print; a line that is no fix changes nothing. */
  read(line: string): Result<readonly ReplayLine[], ReplayProblem>;
}

interface TrackLine {
  readonly id: FileId;
  readonly fixTime: FileId;
  readonly fixTimeMs: number;
  readonly lon: number;
  readonly lat: number;
}

/** A reader for one track; it remembers where every id of it is. */
export function createTrackReader({ fences, idOf }: ReplayFences): TrackReader {
  const replay = createReplay<TrackLine>(fences);
  const trackers = new Map<string, TrackerId>();
  const trackerOf = (id: FileId): TrackerId => {
    const known = trackers.get(String(id)) ?? trustedId<TrackerId>(trackers.size + 1);
    trackers.set(String(id), known);
    return known;
  };
  const printed = ({ event, source }: ReplayedEvent<TrackLine>): ReplayLine => ({
    type: event.kind,
    id: source.id,
    fence: idOf(event.fenceId),
    fixTime: source.fixTime,
    initial: event.initial,
    lat: source.lat,
    lon: source.lon,
  });
  return {
    read(line) {
      const parsed = parseTrackLine(line);
      if (!parsed.ok) return parsed;
      const { id, fixTimeMs, lon, lat } = parsed.value;
      const events = replay.judge({
        tenantId: TENANT,
        trackerId: trackerOf(id),
        fixTimeMs,
        receivedTimeMs: fixTimeMs,
        lonE7: Math.round(lon * 1e7),
        latE7: Math.round(lat * 1e7),
        valid: true,
        source: parsed.value,
      });
      return ok(events.map(printed));
    },
  };
}

function parseTrackLine(line: string): Result<TrackLine, ReplayProblem> {
  const bad = (message: string) => err({ code: 'BAD_TRACK_LINE', message } as const);
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return bad('The line is not JSON');
  }
  if (!isRecord(parsed)) return bad('Expected {"id","fixTime","lat","lon"}');
  const { id, fixTime, lat, lon } = parsed;
  if (!isFileId(id)) return bad('Expected an id as text or number');
  if (!isFileId(fixTime)) return bad('Expected fixTime as ISO 8601 text or ms since 1970');
  const fixTimeMs = typeof fixTime === 'number' ? fixTime : Date.parse(fixTime);
  if (!Number.isFinite(fixTimeMs)) return bad(`Got fixTime ${fixTime}, expected ISO 8601`);
  if (typeof lon !== 'number' || !(Math.abs(lon) <= 180)) return bad('Expected lon within ±180');
  if (typeof lat !== 'number' || !(Math.abs(lat) <= 90)) return bad('Expected lat within ±90');
  return ok({ id, fixTime, fixTimeMs, lon, lat });
}
