/** What every kind of prepared shape has in common. */
import { HEADER, type Edges } from './edges.ts';

/** Degrees around a box so that rounding never puts a place of the shape outside of it. */
export const BOX_MARGIN_DEG = 1e-9;

/** Smallest box around a shape, degrees; `maxX` may pass 180 where the shape crosses the antimeridian. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** Hears of a box, degrees. */
export type BoxVisitor = (minX: number, minY: number, maxX: number, maxY: number) => void;

/** Where the edge of a shape runs: whatever it does not pass through lies wholly inside or wholly outside. */
export type Outline =
  /** Within these boxes, in unrolled longitudes. */
  | { readonly kind: 'edges'; readonly visit: (visit: BoxVisitor) => void }
  /** Perhaps through those rectangles (longitudes −180 … 180, some beyond by rounding) of which this says so. */
  | { readonly kind: 'asked'; readonly mayCross: (rectangle: Box) => boolean };

/** A shape that can be asked. */
export interface PreparedShape {
  /** One box per part that may lie apart (the polygons of a multipolygon). */
  readonly boxes: readonly Box[];
  /** Whether a place (−180 … 180, −90 … 90) is inside or on the edge. Does not allocate. */
  contains(lon: number, lat: number): boolean;
  /**
   * Metres to the edge: positive outside, negative inside, 0 on it; at most `limitM` either way. Its sign is that of
   * `contains`, its size good to a few per mille for some kilometres. Within overlapping parts of one shape it is the
   * depth in the deepest of them. Does not allocate.
   */
  signedDistanceM(lon: number, lat: number, limitM: number): number;
  /** Where its edge runs; made when it is asked for. */
  outline(): Outline;
}

/** A distance with its sign; a place that is outside never has 0, so that the sign says what `contains` says. */
export const signed = (isInside: boolean, distanceM: number): number =>
  isInside ? -distanceM : Math.max(distanceM, Number.MIN_VALUE);

/** Visits the box of each edge, larger by so many degrees to all sides. */
export function visitEdges(
  { xy, list, entries }: Edges,
  padLon: number,
  padLat: number,
  visit: BoxVisitor,
): void {
  for (let at = 0; at < entries; at += 1) {
    const edge = HEADER + (list === null ? at : (list[at] ?? 0)) * 2;
    const ax = xy[edge] ?? 0;
    const ay = xy[edge + 1] ?? 0;
    const bx = xy[edge + 2] ?? 0;
    const by = xy[edge + 3] ?? 0;
    visit(
      Math.min(ax, bx) - padLon,
      Math.min(ay, by) - padLat,
      Math.max(ax, bx) + padLon,
      Math.max(ay, by) + padLat,
    );
  }
}
