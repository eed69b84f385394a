/** How large a draft is: area and way around, good to 0.5 %, as on a sphere. */
import { distanceM, type LonLat } from '../places/sphere.ts';
import type { Draft } from './draft.ts';

const RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Square metres and metres. Around a corridor is its length. */
export interface Measure {
  readonly areaM2: number;
  readonly aroundM: number;
}

/** The short way round, degrees. */
function shortLon(from: number, to: number): number {
  const lon = to - from;
  return lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
}

/** Area of a ring on a sphere (Chamberlain and Duquette, "Some algorithms for polygons on a sphere", 2007). */
function ringAreaM2(ring: readonly LonLat[]): number {
  let sum = 0;
  for (const [i, from] of ring.entries()) {
    const to = ring[(i + 1) % ring.length] ?? from;
    const lon = shortLon(from[0], to[0]) * RADIANS;
    sum += lon * (2 + Math.sin(from[1] * RADIANS) + Math.sin(to[1] * RADIANS));
  }
  return Math.abs((sum * RADIUS_M * RADIUS_M) / 2);
}

function lengthM(line: readonly LonLat[], isClosed: boolean): number {
  const ends = isClosed ? line : line.slice(0, -1);
  return ends.reduce(
    (sum, from, i) => sum + distanceM(from, line[(i + 1) % line.length] ?? from),
    0,
  );
}

/** The measure of a draft as it stands. */
export function measureOf(draft: Draft): Measure {
  switch (draft.kind) {
    case 'circle': {
      const angle = draft.radiusM / RADIUS_M;
      return {
        areaM2: 2 * Math.PI * RADIUS_M * RADIUS_M * (1 - Math.cos(angle)),
        aroundM: 2 * Math.PI * RADIUS_M * Math.sin(angle),
      };
    }
    case 'corridor': {
      const aroundM = lengthM(draft.line, false);
      const ends = Math.PI * (draft.widthM / 2) ** 2;
      return { areaM2: aroundM * draft.widthM + ends, aroundM };
    }
    case 'area': {
      let areaM2 = 0;
      let aroundM = 0;
      for (const [outer = [], ...holes] of draft.polygons) {
        areaM2 += ringAreaM2(outer) - holes.reduce((sum, hole) => sum + ringAreaM2(hole), 0);
        aroundM += lengthM(outer, true);
      }
      return { areaM2, aroundM };
    }
  }
}
