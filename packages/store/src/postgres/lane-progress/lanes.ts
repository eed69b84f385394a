/**
 * Who reads which lane of the log, and how far they have come. One row per consumer and lane; the epoch
 * grows with every change of owner, and every commit of progress names it.
 */
import type { Lane, LogSequence } from '@followme/model';

/**
 * Who keeps a place in the store: recorder, geofence operator, and of the notification service who reads
 * crossings, who reads alarms, who delivers and who watches over silence.
 */
export type Consumer = 'recorder' | 'geofence' | 'crossings' | 'alarms' | 'deliveries' | 'watching';

/** The stream of the log whose sequences a consumer's offsets are; null reads none, its lane is only owned. */
export const STREAM_OF_CONSUMER = {
  recorder: 'positions',
  geofence: 'positions',
  crossings: 'events',
  alarms: 'positions',
  deliveries: null,
  watching: null,
} as const satisfies Readonly<Record<Consumer, 'positions' | 'events' | null>>;

/** A stretch of a lane's log that was read. */
export interface LaneStretch {
  readonly lane: Lane;
  readonly epoch: number;
  /** The committed sequence this builds on; the lane is fenced when the store has another. */
  readonly fromSequence: LogSequence;
  readonly toSequence: LogSequence;
}

/**
 * `single`: one process owns all lanes (the data folder's lock sees to it) and takes them at once.
 * `leased`: processes share lanes; an owner that has not renewed for `leaseMs` by the database's clock
 * loses its lanes to whoever asks.
 */
export type Ownership =
  { readonly kind: 'single' } | { readonly kind: 'leased'; readonly leaseMs: number };

/** Milliseconds of a lease, or null where leases do not run out. */
export function leaseMsOf(ownership: Ownership): number | null {
  return ownership.kind === 'leased' ? ownership.leaseMs : null;
}
