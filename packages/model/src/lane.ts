import { trustedId, type Lane, type TrackerId } from './ids.ts';

/** Lanes of a new installation; 8 … 64, fixed for its life. */
export const DEFAULT_LANES = 16;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The lane of a tracker: FNV-1a (32 bit, http://www.isthe.com/chongo/tech/comp/fnv/) over the four
 * little-endian bytes of its id, modulo the number of lanes. All reports of one tracker share a lane,
 * so a lane's order is the tracker's order.
 */
export function laneOf(trackerId: TrackerId, lanes: number): Lane {
  let hash = FNV_OFFSET;
  for (let shift = 0; shift < 32; shift += 8) {
    hash = Math.imul(hash ^ ((trackerId >>> shift) & 0xff), FNV_PRIME);
  }
  return trustedId<Lane>((hash >>> 0) % lanes);
}

/** The lanes of a log that has so many, in order. */
export function lanesOf(count: number): readonly Lane[] {
  return Array.from({ length: count }, (_, lane) => trustedId<Lane>(lane));
}
