/** In which places a tracker is, told from its crossings. */
import type { Crossing } from '../live/socket-frames.ts';

/** A place somebody is in. */
export interface InsidePlace {
  readonly fenceId: number;
  readonly name: string;
  /** When it was entered, ms since 1970 UTC. */
  readonly sinceMs: number;
}

/**
 * The places whose newest crossing is an entry, the newest first. `isThere` says which places there still are: one
 * that was deleted is not left any more.
 */
export function insidePlaces(
  crossings: readonly Crossing[],
  isThere: (fenceId: number) => boolean,
): InsidePlace[] {
  const newest = new Map<number, Crossing>();
  for (const crossing of crossings) {
    const known = newest.get(crossing.fenceId);
    if (known === undefined || crossing.fixMs > known.fixMs) newest.set(crossing.fenceId, crossing);
  }
  return [...newest.values()]
    .filter(({ kind, fenceId }) => kind === 'enter' && isThere(fenceId))
    .toSorted((a, b) => b.fixMs - a.fixMs)
    .map(({ fenceId, fenceName, fixMs }) => ({ fenceId, name: fenceName, sinceMs: fixMs }));
}
