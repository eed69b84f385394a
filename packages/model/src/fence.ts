import type { FenceId, GroupId, TenantId } from './ids.ts';

/** `[lon, lat]` in degrees. */
export type LonLat = readonly [lon: number, lat: number];

/**
 * The shape of a fence. Rings are closed (first = last vertex) with straight edges in lon/lat, as RFC 7946
 * defines them; the first ring of a polygon is its outside, the others are holes.
 */
export type FenceShape =
  | { readonly kind: 'circle'; readonly centre: LonLat; readonly radiusM: number }
  | { readonly kind: 'polygon'; readonly rings: readonly (readonly LonLat[])[] }
  | {
      readonly kind: 'multipolygon';
      readonly polygons: readonly (readonly (readonly LonLat[])[])[];
    }
  | { readonly kind: 'corridor'; readonly line: readonly LonLat[]; readonly widthM: number };

/** A place with an edge, in the version that holds from a tenant's `fencesVersion` on. */
export interface Fence {
  readonly tenantId: TenantId;
  readonly fenceId: FenceId;
  readonly name: string;
  readonly shape: FenceShape;
  /** It applies to the trackers of these groups; null: to every tracker of the tenant. */
  readonly groupIds: readonly GroupId[] | null;
  /** The tenant's fences version in which this fence took its present form. */
  readonly version: number;
}
