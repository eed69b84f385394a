/** The identity of an event: the same crossing gets the same id however often it is judged. */
import { createHash } from 'node:crypto';
import type { TrackerId } from '@followme/model';

/** Namespace of the ids of fence events; drawn once, never changed. */
export const FENCE_EVENT_NAMESPACE = '8d2f6c1e-53a7-4b0e-9c64-1f7be0a4d935';

/** UUID version 5 of a name: SHA-1 over namespace and name (RFC 9562 §5.5). */
export function uuidV5(namespace: string, name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** The id of the event number `eventSeq` (from 1) of a tracker. */
export function fenceEventId(trackerId: TrackerId, eventSeq: number): string {
  return uuidV5(FENCE_EVENT_NAMESPACE, `${trackerId}/${eventSeq}`);
}
