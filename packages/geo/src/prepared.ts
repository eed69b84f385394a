/** What every kind of prepared shape has in common. */

/** Degrees around a box so that rounding never puts a place of the shape outside of it. */
export const BOX_MARGIN_DEG = 1e-9;

/** Smallest box around a shape, degrees; `maxX` may pass 180 where the shape crosses the antimeridian. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

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
  /**
   * Whether an edge of the shape may pass through the rectangle (longitudes −180 … 180, some beyond by
   * rounding). May say yes too often, never no wrongly: where it says no, the rectangle lies wholly inside or
   * wholly outside.
   */
  hasEdgeIn(rectangle: Box): boolean;
}

/** A distance with its sign; a place that is outside never has 0, so that the sign says what `contains` says. */
export const signed = (isInside: boolean, distanceM: number): number =>
  isInside ? -distanceM : Math.max(distanceM, Number.MIN_VALUE);
