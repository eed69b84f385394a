/** The ring of a cluster: slices for the states of its members, told to the map by the name of an image. */
import type { SliceState } from '../live/mark-clusters.ts';
import { RING_STEPS, SLICES } from '../live/mark-features.ts';

/** One slice; the shares of all slices of a ring are 1 together. */
export interface RingSlice {
  readonly state: SliceState;
  readonly share: number;
}

/** Reads the name that `ringSteps` went into, `ring-0-2-8-4-2`; null when it is another image. */
export function parseRing(name: string): readonly RingSlice[] | null {
  if (!/^ring(?:-\d{1,2}){5}$/.test(name)) return null;
  const steps = name.split('-').slice(1).map(Number);
  if (steps.reduce((sum, n) => sum + n, 0) !== RING_STEPS) return null;
  return SLICES.map((state, i) => ({ state, share: (steps[i] ?? 0) / RING_STEPS })).filter(
    ({ share }) => share > 0,
  );
}
