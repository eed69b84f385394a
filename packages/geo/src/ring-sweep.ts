/**
 * Finds out in O(n log n) whether the rings of one polygon cross: a sweep from west to east (Shamos and
 * Hoey, "Geometric intersection problems", 1976) that stops at the first fault.
 *
 * Order of the sweep is by longitude, then latitude. `active` holds the edges under the sweep line from
 * south to north; only neighbours in it can be the first to cross. All comparisons are signs of exact
 * predicates, so the order is never wrong by rounding. Edges of different rings may touch in points (a
 * hole may touch its outer ring); such pairs are reported. Within a ring every touch is a fault, apart
 * from an edge and the next sharing their vertex.
 */
import { orient2d } from 'robust-predicates';
import type { FlatRing } from './flat-ring.ts';

/** A vertex of another ring on an edge, not at its ends. */
export interface EdgeTouch {
  readonly ring: number;
  /** Index of the vertex the edge starts at. */
  readonly edge: number;
  readonly x: number;
  readonly y: number;
}

/** What the sweep found. Rings are named by their index. */
export type SweepFinding =
  | {
      readonly kind: 'clean';
      /** Pairs of rings that share points without edges crossing in their middle. */
      readonly touching: readonly (readonly [ringA: number, ringB: number])[];
      /** Where a vertex of another ring lies in the middle of an edge. */
      readonly edgeTouches: readonly EdgeTouch[];
    }
  | {
      readonly kind: 'crossing';
      readonly ringA: number;
      readonly ringB: number;
      /** Unrolled longitude and latitude of the fault. */
      readonly x: number;
      readonly y: number;
    };

type Crossing = Extract<SweepFinding, { kind: 'crossing' }>;

/** All edges of all rings; from (west, lexicographically smaller end) to (east). */
interface Edges {
  readonly count: number;
  readonly westX: Float64Array;
  readonly westY: Float64Array;
  readonly eastX: Float64Array;
  readonly eastY: Float64Array;
  readonly ring: Int32Array;
  /** Place in the ring, and edges of that ring. */
  readonly place: Int32Array;
  readonly ringSize: Int32Array;
}

function collectEdges(rings: readonly FlatRing[]): Edges {
  const count = rings.reduce((sum, ring) => sum + ring.xs.length - 1, 0);
  const edges: Edges = {
    count,
    westX: new Float64Array(count),
    westY: new Float64Array(count),
    eastX: new Float64Array(count),
    eastY: new Float64Array(count),
    ring: new Int32Array(count),
    place: new Int32Array(count),
    ringSize: new Int32Array(count),
  };
  let at = 0;
  for (const [ringIndex, { xs, ys }] of rings.entries()) {
    for (let i = 0; i + 1 < xs.length; i += 1, at += 1) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = [xs[i], ys[i], xs[i + 1], ys[i + 1]];
      const forward = ax < bx || (ax === bx && ay < by);
      edges.westX[at] = forward ? ax : bx;
      edges.westY[at] = forward ? ay : by;
      edges.eastX[at] = forward ? bx : ax;
      edges.eastY[at] = forward ? by : ay;
      edges.ring[at] = ringIndex;
      edges.place[at] = i;
      edges.ringSize[at] = xs.length - 1;
    }
  }
  return edges;
}

/** Sweeps over closed rings without consecutive duplicate vertices. */
export function sweepRings(rings: readonly FlatRing[]): SweepFinding {
  return new Sweep(collectEdges(rings)).run();
}

class Sweep {
  readonly #edges: Edges;
  /** Edges under the sweep line, south to north; the first `#activeCount` are in use. */
  #active = new Int32Array(64);
  #activeCount = 0;
  /** The point the sweep stands at. */
  #x = 0;
  #y = 0;
  readonly #touching = new Map<string, readonly [number, number]>();
  readonly #edgeTouches: EdgeTouch[] = [];

  constructor(edges: Edges) {
    this.#edges = edges;
  }

  run(): SweepFinding {
    const { count } = this.#edges;
    // event e: the west end of edge e; event count + e: its east end
    const events = new Uint32Array(count * 2).map((_, i) => i);
    events.sort((a, b) => this.#xOf(a) - this.#xOf(b) || this.#yOf(a) - this.#yOf(b));
    for (let from = 0; from < events.length;) {
      this.#x = this.#xOf(events[from] ?? 0);
      this.#y = this.#yOf(events[from] ?? 0);
      let to = from + 1;
      while (to < events.length && this.#isHere(events[to] ?? 0)) to += 1;
      const fault = this.#stop(events.subarray(from, to));
      if (fault !== null) return fault;
      from = to;
    }
    return {
      kind: 'clean',
      touching: [...this.#touching.values()],
      edgeTouches: this.#edgeTouches,
    };
  }

  #xOf(event: number): number {
    const { count, westX, eastX } = this.#edges;
    return (event < count ? westX[event] : eastX[event - count]) ?? 0;
  }
  #yOf(event: number): number {
    const { count, westY, eastY } = this.#edges;
    return (event < count ? westY[event] : eastY[event - count]) ?? 0;
  }
  #isHere(event: number): boolean {
    return this.#xOf(event) === this.#x && this.#yOf(event) === this.#y;
  }

  /** All ends of edges in one point: first edges end, then edges begin. */
  #stop(events: Uint32Array): Crossing | null {
    const { count } = this.#edges;
    const fault = this.#meetInVertex(events);
    if (fault !== null) return fault;
    for (const event of events) {
      const ended = event >= count ? this.#remove(event - count) : null;
      if (ended !== null) return ended;
    }
    for (const event of events) {
      const begun = event < count ? this.#insert(event) : null;
      if (begun !== null) return begun;
    }
    return null;
  }

  /** A ring has two edges in each of its vertices; more mean that it comes by twice. */
  #meetInVertex(events: Uint32Array): Crossing | null {
    if (events.length <= 2) return null;
    const { count, ring } = this.#edges;
    const ends = new Map<number, number>();
    for (const event of events) {
      const here = ring[event % count] ?? 0;
      const seen = (ends.get(here) ?? 0) + 1;
      if (seen > 2) return this.#faultHere(here, here);
      ends.set(here, seen);
    }
    const rings = [...ends.keys()];
    for (const [i, a] of rings.entries()) {
      for (const b of rings.slice(i + 1)) this.#noteTouch(a, b);
    }
    return null;
  }

  #remove(edge: number): Crossing | null {
    const from = this.#lowerBound();
    let at = from;
    while (this.#active[at] !== edge) {
      // the order is exact, so the edge is among those that pass this point
      if (at >= this.#activeCount) throw new Error(`Edge ${edge} is not under the sweep line`);
      at += 1;
    }
    const touched = this.#touchRun(edge, from);
    if (touched !== null) return touched;
    this.#active.copyWithin(at, at + 1, this.#activeCount);
    this.#activeCount -= 1;
    return this.#checkNeighbours(at - 1, at);
  }

  #insert(edge: number): Crossing | null {
    const from = this.#lowerBound();
    const touched = this.#touchRun(edge, from);
    if (touched !== null) return touched;
    let at = from;
    const { westX, westY, eastX, eastY, ring } = this.#edges;
    const [toX = 0, toY = 0] = [eastX[edge], eastY[edge]];
    for (; at < this.#activeCount && this.#sideOfHere(at) === 0; at += 1) {
      const other = this.#active[at] ?? 0;
      const side = orient2d(
        westX[other] ?? 0,
        westY[other] ?? 0,
        eastX[other] ?? 0,
        eastY[other] ?? 0,
        toX,
        toY,
      );
      if (side === 0) return this.#faultHere(ring[edge] ?? 0, ring[other] ?? 0); // one along the other
      if (side > 0) break; // the new edge leaves to the south of the other
    }
    this.#grow();
    this.#active.copyWithin(at + 1, at, this.#activeCount);
    this.#active[at] = edge;
    this.#activeCount += 1;
    return this.#checkNeighbours(at - 1, at) ?? this.#checkNeighbours(at, at + 1);
  }

  /** Negative: the sweep's point lies north of the edge at this place of `active`; 0: on it. */
  #sideOfHere(at: number): number {
    const edge = this.#active[at] ?? 0;
    const { westX, westY, eastX, eastY } = this.#edges;
    return orient2d(
      westX[edge] ?? 0,
      westY[edge] ?? 0,
      eastX[edge] ?? 0,
      eastY[edge] ?? 0,
      this.#x,
      this.#y,
    );
  }

  /** First place in `active` whose edge is not south of the sweep's point. */
  #lowerBound(): number {
    let low = 0;
    let high = this.#activeCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sideOfHere(middle) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Looks at every edge that passes the sweep's point, which is an end of `edge`. */
  #touchRun(edge: number, from: number): Crossing | null {
    const { ring } = this.#edges;
    for (let at = from; at < this.#activeCount && this.#sideOfHere(at) === 0; at += 1) {
      const other = this.#active[at] ?? 0;
      if (other === edge || this.#areConsecutive(edge, other)) continue;
      const [a = 0, b = 0] = [ring[edge], ring[other]];
      if (a === b) return this.#faultHere(a, b);
      this.#noteTouch(a, b);
      this.#noteEdgeTouch(other);
    }
    return null;
  }

  #noteEdgeTouch(edge: number): void {
    const { count, ring, place } = this.#edges;
    if (this.#isHere(edge) || this.#isHere(edge + count)) return;
    this.#edgeTouches.push({
      ring: ring[edge] ?? 0,
      edge: place[edge] ?? 0,
      x: this.#x,
      y: this.#y,
    });
  }

  #checkNeighbours(lower: number, upper: number): Crossing | null {
    if (lower < 0 || upper >= this.#activeCount) return null;
    const [a = 0, b = 0] = [this.#active[lower], this.#active[upper]];
    if (this.#areConsecutive(a, b)) return null;
    const { westX, westY, eastX, eastY, ring } = this.#edges;
    const [ax = 0, ay = 0, bx = 0, by = 0] = [westX[a], westY[a], eastX[a], eastY[a]];
    const [cx = 0, cy = 0, dx = 0, dy = 0] = [westX[b], westY[b], eastX[b], eastY[b]];
    const c = orient2d(ax, ay, bx, by, cx, cy);
    const d = orient2d(ax, ay, bx, by, dx, dy);
    const p = orient2d(cx, cy, dx, dy, ax, ay);
    const q = orient2d(cx, cy, dx, dy, bx, by);
    if (!areApart(c, d) || !areApart(p, q)) return null;
    const part = c / (c - d);
    const [ringA = 0, ringB = 0] = [ring[a], ring[b]];
    return { kind: 'crossing', ringA, ringB, x: cx + part * (dx - cx), y: cy + part * (dy - cy) };
  }

  #areConsecutive(a: number, b: number): boolean {
    const { ring, place, ringSize } = this.#edges;
    if (ring[a] !== ring[b]) return false;
    const apart = Math.abs((place[a] ?? 0) - (place[b] ?? 0));
    return apart === 1 || apart === (ringSize[a] ?? 0) - 1;
  }

  #noteTouch(a: number, b: number): void {
    const [low, high] = a < b ? [a, b] : [b, a];
    this.#touching.set(`${low}/${high}`, [low, high]);
  }

  #faultHere(ringA: number, ringB: number): Crossing {
    return { kind: 'crossing', ringA, ringB, x: this.#x, y: this.#y };
  }

  #grow(): void {
    if (this.#activeCount < this.#active.length) return;
    const larger = new Int32Array(this.#active.length * 2);
    larger.set(this.#active);
    this.#active = larger;
  }
}

/** Two points lie on different sides of a line, neither on it. */
function areApart(sideA: number, sideB: number): boolean {
  return (sideA < 0 && sideB > 0) || (sideA > 0 && sideB < 0);
}
