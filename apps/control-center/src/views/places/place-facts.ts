/** What can be said of a place from what the page knows. Pure. */
import type { FenceGeometry, FenceReply, RuleReply } from '@followme/contracts';
import { parseGeoJsonFence, prepareShape, type PreparedShape } from '@followme/geo';
import type { LiveTracker } from '../../live/live-tracker.ts';
import type { Bounds } from '../../map/graticule.ts';
import { circleRing } from '../../places/sphere.ts';

/** The word for a kind of place stands in `places.kinds`. */
export function kindOf({ type }: FenceGeometry): 'area' | 'circle' | 'corridor' {
  if (type === 'Point') return 'circle';
  return type === 'LineString' ? 'corridor' : 'area';
}

function cornersOf(geometry: FenceGeometry): readonly (readonly number[])[] {
  switch (geometry.type) {
    case 'Point': {
      const [lon = 0, lat = 0] = geometry.coordinates;
      return circleRing([lon, lat], geometry.radiusM);
    }
    case 'LineString':
      return geometry.coordinates;
    case 'Polygon':
      return geometry.coordinates.flat();
    case 'MultiPolygon':
      return geometry.coordinates.flat(2);
  }
}

/** The box around a place; one over the antimeridian is taken the short way round. */
export function boundsOf(geometry: FenceGeometry): Bounds {
  const corners = cornersOf(geometry);
  const first = corners[0]?.[0] ?? 0;
  let [west, south, east, north] = [Infinity, 90, -Infinity, -90];
  for (const [lon = 0, lat = 0] of corners) {
    const near = lon + 360 * Math.round((first - lon) / 360);
    west = Math.min(west, near);
    east = Math.max(east, near);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return { west, south, east, north };
}

/** The place ready to be asked who is inside; null for a shape that is none. */
export function toShape(geometry: FenceGeometry): PreparedShape | null {
  const { type, coordinates, ...properties } = geometry;
  const parsed = parseGeoJsonFence({
    type: 'Feature',
    geometry: { type, coordinates },
    properties,
  });
  return parsed.ok ? prepareShape(parsed.value) : null;
}

/** Whether a tracker is one the place is for. */
export function isWatched(
  groupIds: readonly number[] | null,
  tracker: { readonly groupIds: readonly number[] },
): boolean {
  return groupIds === null || tracker.groupIds.some((id) => groupIds.includes(id));
}

/** How many trackers the place is for stand inside of it now, by their last positions. */
export function countInside(
  shape: PreparedShape,
  groupIds: readonly number[] | null,
  trackers: Iterable<LiveTracker>,
): number {
  let inside = 0;
  for (const tracker of trackers) {
    const { fix } = tracker;
    if (fix === null || !isWatched(groupIds, tracker)) continue;
    if (shape.contains(fix.lon, fix.lat)) inside += 1;
  }
  return inside;
}

/** Rules that name the place, and those that are for any place. */
export function rulesOf(
  fenceId: number,
  rules: readonly RuleReply[],
): { readonly naming: readonly RuleReply[]; readonly any: readonly RuleReply[] } {
  const ofPlaces = rules.filter(({ trigger }) => trigger.kind === 'fence');
  return {
    naming: ofPlaces.filter(
      ({ trigger }) => trigger.kind === 'fence' && trigger.fenceIds?.includes(fenceId) === true,
    ),
    any: ofPlaces.filter(({ trigger }) => trigger.kind === 'fence' && trigger.fenceIds === null),
  };
}

/** Whom a place is for: everybody, these groups by name, or nobody since its groups are gone. */
export function audienceOf(
  fence: Pick<FenceReply, 'groupIds'>,
  groups: readonly { readonly id: number; readonly name: string }[],
): 'all' | 'nobody' | readonly string[] {
  if (fence.groupIds === null) return 'all';
  const names = groups.filter(({ id }) => fence.groupIds?.includes(id)).map(({ name }) => name);
  return names.length === 0 ? 'nobody' : names;
}
