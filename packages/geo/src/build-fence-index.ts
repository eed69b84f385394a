/** How an index comes to its fences: at once, or in steps for processes that have other work. */
import type { Fence, FenceShape } from '@followme/model';
import type { FenceIndex, FenceIndexOptions } from './fence-index.ts';
import { GridFenceIndex } from './grid-fence-index.ts';

/** Builds an index of the fences as they are now; `replace` and `remove` change it. */
export function createFenceIndex(
  fences: Iterable<Fence>,
  options: FenceIndexOptions = {},
): FenceIndex {
  const index = new GridFenceIndex(options);
  for (const fence of fences) index.add(fence);
  index.finish();
  return index;
}

/**
 * Vertices prepared between two yields of `buildFenceIndex`: about two milliseconds of work. A fence whose shape is known counts
 * for one.
 */
const VERTICES_PER_STEP = 2_000;

/**
 * Builds an index in steps of some milliseconds, for processes that have other work meanwhile: run it to
 * its end, pausing between steps. What it returns answers its first query as fast as any other.
 */
export function* buildFenceIndex(
  fences: readonly Fence[],
  options: FenceIndexOptions = {},
): Generator<void, FenceIndex> {
  const index = new GridFenceIndex(options);
  let vertices = 0;
  for (const fence of fences) {
    vertices += index.add(fence) ? 1 : verticesOf(fence.shape);
    if (vertices < VERTICES_PER_STEP) continue;
    vertices = 0;
    yield;
  }
  index.finish();
  return index;
}

function verticesOf(shape: FenceShape): number {
  switch (shape.kind) {
    case 'circle':
      return 16; // what covering a circle costs, in vertices
    case 'polygon':
      return shape.rings.reduce((sum, ring) => sum + ring.length, 0);
    case 'multipolygon':
      return shape.polygons.flat().reduce((sum, ring) => sum + ring.length, 0);
    case 'corridor':
      return shape.line.length;
  }
}
