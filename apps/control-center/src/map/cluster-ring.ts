/** The ring of a cluster: slices for the states of its members, told to the map by the name of an image. */
import type { ExpressionSpecification } from 'maplibre-gl';
import type { TrackerState } from '../live/tracker-state.ts';

/** Slices are this fine, so that few images serve every cluster. */
const STEPS = 16;
const PREFIX = 'ring';

/** Share of each state, 0 … 1; together 1. */
export type RingShares = Readonly<Record<TrackerState, number>>;

function steps(property: string): ExpressionSpecification {
  return ['round', ['/', ['*', STEPS, ['get', property]], ['get', 'point_count']]];
}

/** The name of the image for a cluster with the counts `moving` and `idle`. */
export const RING_IMAGE: ExpressionSpecification = [
  'concat',
  PREFIX,
  '-',
  steps('moving'),
  '-',
  steps('idle'),
];

/** Reads such a name; null when it is another image. */
export function parseRing(name: string): RingShares | null {
  const match = /^ring-(\d+)-(\d+)$/.exec(name);
  if (match === null) return null;
  const moving = Math.min(STEPS, Number(match[1]));
  const idle = Math.min(STEPS - moving, Number(match[2]));
  return {
    moving: moving / STEPS,
    idle: idle / STEPS,
    silent: (STEPS - moving - idle) / STEPS,
  };
}
