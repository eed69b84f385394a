import type { FenceReply } from '@followme/contracts';
import type { Feature, Geometry } from 'geojson';
import { circleRing } from '../places/sphere.ts';
import { pixelsPerMetreAtZoom0 } from './scale.ts';

function featureOf(fence: FenceReply): Feature | null {
  const { geometry, id, name } = fence;
  const make = (shape: Geometry, width = 0): Feature => ({
    type: 'Feature',
    id,
    geometry: shape,
    properties: { name, width },
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

/**
 * Fences as the map draws them: circles become polygons; corridors stay lines whose `width` is their true
 * width in pixels at zoom 0.
 */
export function fenceFeatures(fences: readonly FenceReply[]): Feature[] {
  return fences.map(featureOf).filter((feature) => feature !== null);
}
