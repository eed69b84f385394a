/** A circle in one stroke of the mouse: pressed at its centre, let go at its edge. Pure; the pointer tells it. */
import type { LonLat } from '../places/sphere.ts';
import type { DrawAction } from './drawing.ts';
import type { Pixel } from './hit.ts';

/** A hand that moves less than this clicks; the same as the map's own limit, so that each press is one of both. */
const CLICK_PX = 3;

/** Where the pointer is, on the screen and on the map. */
export interface Spot {
  readonly point: Pixel;
  readonly at: LonLat;
}

/** Follows one press at a time. */
export function createCirclePull(act: (action: DrawAction) => void) {
  let centre: Spot | null = null;
  let edge: Spot | null = null;
  let isAnswered = false;

  const isFar = ({ point }: Spot, from: Spot): boolean =>
    Math.hypot(point.x - from.point.x, point.y - from.point.y) >= CLICK_PX;

  return {
    press(spot: Spot): void {
      centre = spot;
      edge = null;
    },
    /** Sets the centre as soon as it is more than a click. */
    move(spot: Spot): void {
      if (centre === null) return;
      if (edge === null && !isFar(spot, centre)) return;
      if (edge === null) act({ type: 'place', at: centre.at });
      edge = spot;
    },
    /** Sets the edge where the pointer was last; back on the centre the circle stays open for a click. */
    release(): void {
      if (centre !== null && edge !== null) {
        if (isFar(edge, centre)) act({ type: 'place', at: edge.at });
        else isAnswered = true;
      }
      centre = null;
      edge = null;
    },
    /** Whether the click that follows a release was part of the stroke; asked once. */
    takesClick(): boolean {
      const was = isAnswered;
      isAnswered = false;
      return was;
    },
  };
}
