/**
 * Marks: the trackers of one commit that were judged and stayed where they were (in the sense of fences),
 * packed. 24 bytes each, little-endian: tracker u32, tenant u32, time of the fix f64 (ms since 1970),
 * lon i32 and lat i32 (degrees × 10⁷).
 */
import { trustedId, type TenantId, type TrackerId } from '@followme/model';
import type { TrackerFenceState } from './port.ts';

const MARK_BYTES = 24;

/** What a mark says of a tracker: the parts of its state that a fix changes without an event. */
export type Mark = Pick<
  TrackerFenceState,
  'tenantId' | 'trackerId' | 'lastFixTimeMs' | 'lonE7' | 'latE7'
>;

/** Packs marks. */
export function encodeMarks(marks: readonly Mark[]): Buffer {
  const bytes = Buffer.allocUnsafe(marks.length * MARK_BYTES);
  let at = 0;
  for (const mark of marks) {
    at = bytes.writeUInt32LE(mark.trackerId, at);
    at = bytes.writeUInt32LE(mark.tenantId, at);
    at = bytes.writeDoubleLE(mark.lastFixTimeMs, at);
    at = bytes.writeInt32LE(mark.lonE7, at);
    at = bytes.writeInt32LE(mark.latE7, at);
  }
  return bytes;
}

/** Unpacks marks. @throws RangeError when the bytes are no whole number of marks. */
export function decodeMarks(bytes: Buffer): readonly Mark[] {
  if (bytes.length % MARK_BYTES !== 0) {
    throw new RangeError(
      `Got ${bytes.length} bytes of marks, expected a multiple of ${MARK_BYTES}`,
    );
  }
  return Array.from({ length: bytes.length / MARK_BYTES }, (_, index) => {
    const at = index * MARK_BYTES;
    return {
      trackerId: trustedId<TrackerId>(bytes.readUInt32LE(at)),
      tenantId: trustedId<TenantId>(bytes.readUInt32LE(at + 4)),
      lastFixTimeMs: bytes.readDoubleLE(at + 8),
      lonE7: bytes.readInt32LE(at + 16),
      latE7: bytes.readInt32LE(at + 20),
    };
  });
}
