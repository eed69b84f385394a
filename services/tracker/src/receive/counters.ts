/** Counters of one listener, their label values resolved once so that the hot path only adds. */
import type { DropReason } from '@followme/protocols';
import type { CountedValue, Metrics } from '@followme/platform';
import type { CloseReason } from './connection.ts';

export interface ReceiveCounters {
  readonly bytes: CountedValue;
  readonly frames: CountedValue;
  readonly fixes: CountedValue;
  readonly replies: CountedValue;
  readonly accepted: CountedValue;
  readonly refused: CountedValue;
  readonly checksumMismatches: CountedValue;
  /** Acknowledgements held back because the device sends too fast. */
  readonly repliesDelayed: CountedValue;
  /** Frames, or records in them, that were not taken. */
  dropped(reason: DropReason): CountedValue;
  /** Bytes that belong to no frame. */
  skippedBytes(reason: DropReason): CountedValue;
  /** Connections we ended. */
  closed(reason: CloseReason): CountedValue;
}

/** The counters of `protocol`, registered in `metrics` under `followme_tracker_…`. */
export function createReceiveCounters(metrics: Metrics, protocol: string): ReceiveCounters {
  const simple = (name: string, help: string): CountedValue =>
    metrics.counter(`followme_tracker_${name}_total`, help, ['protocol']).of({ protocol });
  const byReason = <R extends string>(
    name: string,
    help: string,
  ): ((reason: R) => CountedValue) => {
    const counter = metrics.counter(`followme_tracker_${name}_total`, help, ['protocol', 'reason']);
    const resolved = new Map<R, CountedValue>();
    return (reason) => {
      let value = resolved.get(reason);
      if (value === undefined) {
        value = counter.of({ protocol, reason });
        resolved.set(reason, value);
      }
      return value;
    };
  };
  return {
    bytes: simple('received_bytes', 'Bytes read from devices'),
    frames: simple('frames', 'Frames cut from the stream'),
    fixes: simple('fixes', 'Fixes handed to the lane batches'),
    replies: simple('replies', 'Replies sent to devices'),
    accepted: simple('connections_accepted', 'Connections accepted'),
    refused: simple('connections_refused', 'Connections refused because all places were taken'),
    checksumMismatches: simple('checksum_mismatches', 'Frames read in spite of a wrong checksum'),
    repliesDelayed: simple(
      'replies_delayed',
      'Acknowledgements delayed: the device sends too fast',
    ),
    dropped: byReason<DropReason>('frames_dropped', 'Frames or records dropped, by reason'),
    skippedBytes: byReason<DropReason>('skipped_bytes', 'Bytes between frames, by reason'),
    closed: byReason<CloseReason>('connections_closed', 'Connections ended by us, by reason'),
  };
}
