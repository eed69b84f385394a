import type { FenceReply } from '@followme/contracts';
import type { Feature, Geometry } from 'geojson';
import { mapName } from '../format/map-name.ts';
import { circleRing } from '../places/sphere.ts';
import { pixelsPerMetreAtZoom0 } from './scale.ts';

function featureOf(fence: FenceReply): Feature | null {
  const { geometry, id, name } = fence;
  const make = (shape: Geometry, width = 0): Feature => ({
    type: 'Feature',
    id,
    geometry: shape,
    properties: { name: mapName(name), width },
  });
  switch (geometry.type) {
    case 'Polygon':
    case 'MultiPolygon':
      return make(geometry);
    case 'Point': {
      const [lon, lat] = geometry.coordinates;
      if (lon === undefined || lat === undefined) return null;
      return make({ type: 'Polygon', coordinates: [circleRing([lon, lat], geometry.radiusM)] });
    }
    case 'LineString': {
      const lat = geometry.coordinates[0]?.[1] ?? 0;
      const { type, coordinates, widthM } = geometry;
      return make({ type, coordinates }, widthM * pixelsPerMetreAtZoom0(lat));
    }
  }
}

type Corner = readonly number[];

/** The northernmost corner: a name above it stands outside of the outline. */
function topOf(corners: readonly Corner[]): Corner | undefined {
  let top = corners[0];
  for (const corner of corners) if ((corner[1] ?? -90) > (top?.[1] ?? -90)) top = corner;
  return top;
}

function labelPlace({ geometry }: Feature): Corner | undefined {
  if (geometry.type !== 'LineString') return topOf(cornersOf(geometry));
  return geometry.coordinates[Math.floor(geometry.coordinates.length / 2)];
}

/** A fence as wide as this on the screen has room for its name among many others. */
const NAMED_FROM_PX = 40;
const WORLD_PX = 512;

/** From which zoom on a fence has room for its name where there are many. */
function nameZoomOf({ geometry }: Feature): number {
  let [west, east] = [Infinity, -Infinity];
  for (const [lon = 0] of cornersOf(geometry)) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
  }
  const widthPx = (Math.max(east - west, 1e-6) / 360) * WORLD_PX;
  return Math.round(Math.max(0, Math.log2(NAMED_FROM_PX / widthPx)) * 10) / 10;
}

function cornersOf(geometry: Geometry): readonly Corner[] {
  if (geometry.type === 'Polygon') return geometry.coordinates.flat();
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat(2);
  return geometry.type === 'LineString' ? geometry.coordinates : [];
}

/** Where the name of each fence stands, from what `fenceFeatures` made. */
export function fenceLabelFeatures(fences: readonly Feature[]): Feature[] {
  return fences.flatMap((fence) => {
    const place = labelPlace(fence);
    if (place === undefined) return [];
    const geometry: Geometry = { type: 'Point', coordinates: [...place] };
    const name = String(fence.properties?.['name'] ?? '');
    const properties = { name, nameZoom: nameZoomOf(fence) };
    return [{ type: 'Feature', id: fence.id ?? 0, geometry, properties }];
  });
}

/**
 * Fences as the map draws them: circles become polygons; corridors stay lines whose `width` is their true
 * width in pixels at zoom 0.
 */
export function fenceFeatures(fences: readonly FenceReply[]): Feature[] {
  return fences.map(featureOf).filter((feature) => feature !== null);
}
