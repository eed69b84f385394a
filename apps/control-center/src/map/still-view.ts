/** The arithmetic of a map that is a picture: which stretch it shows and where things lie on it. */
import type { FeatureCollection, Position } from 'geojson';
import { type Box, type MapView, mercatorX, mercatorY } from '../live/mark-clusters.ts';

/** The picture's own pixels; it is scaled to wherever it stands. */
export interface StillSize {
  readonly width: number;
  readonly height: number;
}

/** On a phone, and beside everything else. */
export const STILL_SIZES = {
  narrow: { width: 340, height: 260 },
  wide: { width: 1200, height: 320 },
} as const satisfies Readonly<Record<string, StillSize>>;

/** A view with where its north-western corner is and how large the world is. */
export interface StillView extends MapView {
  readonly x: number;
  readonly y: number;
  /** Pixels of the whole world. */
  readonly scale: number;
}

const WORLD_PX = 512;
/** Kept free at each edge. */
const AIR_PX = 40;
/** One place alone is shown no closer than this. */
const MAX_ZOOM = 11;

function latOf(y: number): number {
  return (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90;
}

/** Whether a box lies in a view. */
function holds(view: StillView, box: Box): boolean {
  return (
    view.west <= box.west &&
    view.east >= box.east &&
    view.south <= box.south &&
    view.north >= box.north
  );
}

/** The view that shows all of `box`; `previous` itself while it still does, so that the picture stands still. */
export function stillView(box: Box, size: StillSize, previous: StillView | null): StillView {
  const [left, right] = [mercatorX(box.west), mercatorX(box.east)];
  const [top, bottom] = [mercatorY(box.north), mercatorY(box.south)];
  const fit = Math.min(
    (size.width - 2 * AIR_PX) / Math.max(right - left, 1e-9),
    (size.height - 2 * AIR_PX) / Math.max(bottom - top, 1e-9),
  );
  const zoom = Math.max(0, Math.min(MAX_ZOOM, Math.log2(fit / WORLD_PX)));
  if (previous !== null && holds(previous, box) && zoom - previous.zoom < 1) return previous;
  const scale = WORLD_PX * 2 ** zoom;
  const x = (left + right) / 2 - size.width / 2 / scale;
  const y = (top + bottom) / 2 - size.height / 2 / scale;
  return {
    x,
    y,
    scale,
    zoom,
    west: (x - 0.5) * 360,
    east: (x + size.width / scale - 0.5) * 360,
    north: latOf(y),
    south: latOf(y + size.height / scale),
  };
}

/** Where a place lies on the picture, pixels from its north-western corner. */
export function placeOn(view: StillView, [lon = 0, lat = 0]: Position): [x: number, y: number] {
  return [(mercatorX(lon) - view.x) * view.scale, (mercatorY(lat) - view.y) * view.scale];
}

function isNear(ring: readonly Position[], view: StillView): boolean {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of ring) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west < view.east && east > view.west && south < view.north && north > view.south;
}

/** Outlines of land as one SVG path; what lies beyond the picture is left out. */
export function landPath(land: FeatureCollection, view: StillView): string {
  const rings = land.features.flatMap(({ geometry }) => {
    if (geometry.type === 'Polygon') return geometry.coordinates;
    return geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : [];
  });
  return rings
    .filter((ring) => isNear(ring, view))
    .map((ring) => {
      const corners = ring.map((corner) =>
        placeOn(view, corner)
          .map((v) => v.toFixed(1))
          .join(' '),
      );
      return `M${corners.join('L')}Z`;
    })
    .join('');
}
