/** What one would use otherwise: a tree of boxes, and a test of each polygon it finds. */
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import Flatbush from 'flatbush';
import pointInPolygon from 'point-in-polygon-hao';
import RBush from 'rbush';
import type { Fence } from '@followme/model';
import { ringOf } from './world.ts';

/** Answers how many fences a place is in. */
export interface Peer {
  readonly name: string;
  matches(lon: number, lat: number): number;
}

interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

function boxOf(fence: Fence): Box {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ringOf(fence)) {
    [minX, minY] = [Math.min(minX, x), Math.min(minY, y)];
    [maxX, maxY] = [Math.max(maxX, x), Math.max(maxY, y)];
  }
  return { minX, minY, maxX, maxY };
}

const coordinatesOf = (fence: Fence): [number, number][][] => [
  ringOf(fence).map(([x, y]) => [x, y]),
];

/** rbush and turf. */
export function createRbushTurf(fences: readonly Fence[]): Peer {
  const tree = new RBush<
    Box & { readonly polygon: { type: 'Polygon'; coordinates: number[][][] } }
  >();
  tree.load(
    fences.map((fence) => ({
      ...boxOf(fence),
      polygon: { type: 'Polygon', coordinates: coordinatesOf(fence) },
    })),
  );
  return {
    name: 'rbush + turf',
    matches(lon, lat) {
      const found = tree.search({ minX: lon, minY: lat, maxX: lon, maxY: lat });
      return found.filter(({ polygon }) => booleanPointInPolygon([lon, lat], polygon)).length;
    },
  };
}

/** flatbush and point-in-polygon-hao. */
export function createFlatbushHao(fences: readonly Fence[]): Peer {
  const tree = new Flatbush(fences.length);
  for (const { minX, minY, maxX, maxY } of fences.map(boxOf)) tree.add(minX, minY, maxX, maxY);
  tree.finish();
  const polygons = fences.map(coordinatesOf);
  return {
    name: 'flatbush + point-in-polygon-hao',
    matches(lon, lat) {
      const found = tree.search(lon, lat, lon, lat);
      // 0 is on the edge, which is inside
      return found.filter((at) => pointInPolygon([lon, lat], polygons[at] ?? []) !== false).length;
    },
  };
}
