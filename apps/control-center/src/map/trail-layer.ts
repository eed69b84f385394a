/** The way of the selected tracker, and the disc of accuracy at its end. */
import type { Feature } from 'geojson';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { formatClock } from '../format/relative-time.ts';
import { circleRing } from '../places/sphere.ts';
import { setFeatures } from './map-parts.ts';
import { pixelsPerMetreAtZoom0 } from './scale.ts';
import { tipFeatures, trailFeatures, type TrailPoint } from './trail.ts';
import type { GrowingTrail } from './trail-growth.ts';

/** The radius from which on the disc of accuracy is drawn. */
const ACCURACY_FROM_PX = 20;

/** Draws the whole way only when `points` is another list; its tip, which has a source of its own, every time. */
export function createTrailLayer(map: MapLibreMap) {
  let drawn: readonly TrailPoint[] = [];
  let drawnTip: readonly TrailPoint[] = [];
  return (
    { points, tip }: Pick<GrowingTrail, 'points' | 'tip'>,
    accuracyM: number | null,
  ): void => {
    if (points !== drawn) setFeatures(map, 'trail', trailFeatures(points, formatClock));
    drawn = points;
    const last = points.at(-1);
    if (tip.length + drawnTip.length > 0) setFeatures(map, 'trail-tip', tipFeatures(last, tip));
    drawnTip = tip;
    setFeatures(map, 'accuracy', accuracyFeatures(tip.at(-1) ?? last, accuracyM));
  };
}

function accuracyFeatures(point: TrailPoint | undefined, accuracyM: number | null): Feature[] {
  if (point === undefined || accuracyM === null || accuracyM <= 0) return [];
  const ring = circleRing([point.lon, point.lat], accuracyM);
  // smaller on the screen than the mark itself it says nothing
  const minZoom = Math.log2(ACCURACY_FROM_PX / (accuracyM * pixelsPerMetreAtZoom0(point.lat)));
  return [
    {
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [ring] },
      properties: { minZoom },
    },
  ];
}
