/**
 * Edges sorted into slabs of latitude, so that a question about a point looks only at the edges near its
 * latitude: a ring of 6,000 vertices answers in 0.2 µs instead of 27.
 *
 * An edge stands in every slab it reaches into. The number of slabs is chosen so that this stays below
 * `MOST_ENTRIES_PER_EDGE` entries per edge, whatever the ring looks like: memory is linear.
 */
import { extentOf } from './flat-ring.ts';

/** Edges up to which a plain loop is as fast as the slabs. */
const SLABS_FROM_EDGES = 64;
const EDGES_PER_SLAB = 2;
const MOST_ENTRIES_PER_EDGE = 8;

/** An edge runs from vertex `edge` to vertex `edge + 1` of these coordinates. */
export interface EdgeLines {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Indices of the vertices at which an edge starts. */
  readonly edges: Int32Array;
}

/** The slabs of some edges; edges of slab s are `list[starts[s]] … list[starts[s + 1] - 1]`. */
export interface EdgeSlabs {
  readonly minY: number;
  readonly maxY: number;
  readonly slabsPerDegree: number;
  readonly starts: Int32Array;
  readonly list: Int32Array;
}

/** Sorts edges into slabs; each edge counts as `paddingDeg` taller at both ends. */
export function buildEdgeSlabs(lines: EdgeLines, paddingDeg: number): EdgeSlabs {
  const { min, max } = extentOf(lines.ys);
  const minY = min - paddingDeg;
  const maxY = max + paddingDeg;
  const height = maxY - minY;
  const wanted =
    lines.edges.length <= SLABS_FROM_EDGES || height <= 0
      ? 1
      : Math.ceil(lines.edges.length / EDGES_PER_SLAB);
  for (let slabs = wanted; ; slabs = Math.ceil(slabs / 2)) {
    const slabsPerDegree = height > 0 ? slabs / height : 0;
    const built = sortIntoSlabs(lines, { paddingDeg, minY, slabs, slabsPerDegree });
    if (built !== null) return { minY, maxY, slabsPerDegree, ...built };
  }
}

/** The slab a latitude between `minY` and `maxY` lies in. */
export function slabOf(
  slabs: { readonly minY: number; readonly slabsPerDegree: number },
  count: number,
  y: number,
): number {
  const slab = Math.floor((y - slabs.minY) * slabs.slabsPerDegree);
  return slab < 0 ? 0 : slab >= count ? count - 1 : slab;
}

interface SlabPlan {
  readonly paddingDeg: number;
  readonly minY: number;
  readonly slabs: number;
  readonly slabsPerDegree: number;
}

/** Null when the edges would stand in too many slabs. */
function sortIntoSlabs(
  { ys, edges }: EdgeLines,
  plan: SlabPlan,
): { readonly starts: Int32Array; readonly list: Int32Array } | null {
  const lowest = (edge: number): number =>
    slabOf(plan, plan.slabs, Math.min(ys[edge] ?? 0, ys[edge + 1] ?? 0) - plan.paddingDeg);
  const highest = (edge: number): number =>
    slabOf(plan, plan.slabs, Math.max(ys[edge] ?? 0, ys[edge + 1] ?? 0) + plan.paddingDeg);

  const starts = new Int32Array(plan.slabs + 1);
  let entries = 0;
  for (const edge of edges) {
    const last = highest(edge);
    entries += last - lowest(edge) + 1;
    if (plan.slabs > 1 && entries > MOST_ENTRIES_PER_EDGE * edges.length) return null;
    for (let slab = lowest(edge); slab <= last; slab += 1)
      starts[slab + 1] = (starts[slab + 1] ?? 0) + 1;
  }
  for (let slab = 0; slab < plan.slabs; slab += 1) {
    starts[slab + 1] = (starts[slab + 1] ?? 0) + (starts[slab] ?? 0);
  }
  const next = starts.slice();
  const list = new Int32Array(entries);
  for (const edge of edges) {
    const last = highest(edge);
    for (let slab = lowest(edge); slab <= last; slab += 1) {
      const at = next[slab] ?? 0;
      list[at] = edge;
      next[slab] = at + 1;
    }
  }
  return { starts, list };
}
