/**
 * Devices that report but are in nobody's registry. They are counted and listed for the provider, who sees
 * that somebody typed an identifier wrong; what they report is never stored.
 */
import type { Clock, Logger, Metrics } from '@followme/platform';

/** Identifiers remembered between two flushes; beyond it only the counter knows. */
const MAX_REMEMBERED = 1_000;
/** Longest identifier kept; a longer one is no identifier of any family. */
const MAX_IDENTIFIER_LENGTH = 40;

export interface UnknownDeviceSighting {
  readonly protocol: string;
  readonly identifier: string;
  readonly frames: number;
  readonly lastSeenMs: number;
}

type Sighting = { -readonly [K in keyof UnknownDeviceSighting]: UnknownDeviceSighting[K] };

/** Where sightings are kept for the provider. */
export interface UnknownDeviceSink {
  note(sightings: readonly UnknownDeviceSighting[]): Promise<void>;
}

export interface UnknownDevices {
  /** One frame of an unknown device. */
  note(protocol: string, identifier: string): void;
  /** Hands what was noted to the sink. Failures are logged and tried with the next flush. */
  flush(): Promise<void>;
}

export function createUnknownDevices(deps: {
  readonly sink: UnknownDeviceSink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): UnknownDevices {
  const seen = new Map<string, Sighting>();
  const overflow = deps.metrics
    .counter(
      'followme_tracker_unknown_devices_overflow_total',
      'Frames of unknown devices beyond the number remembered at once',
    )
    .of({});
  const add = (
    protocol: string,
    identifier: string,
    more: Pick<Sighting, 'frames' | 'lastSeenMs'>,
  ): void => {
    const key = `${protocol} ${identifier}`;
    const entry = seen.get(key);
    if (entry !== undefined) {
      entry.frames += more.frames;
      entry.lastSeenMs = Math.max(entry.lastSeenMs, more.lastSeenMs);
    } else if (seen.size < MAX_REMEMBERED) {
      seen.set(key, { protocol, identifier, ...more });
    } else {
      overflow.inc(more.frames);
    }
  };
  return {
    note(protocol, identifier) {
      if (!/^[\x21-\x7e]+$/.test(identifier) || identifier.length > MAX_IDENTIFIER_LENGTH) return;
      add(protocol, identifier, { frames: 1, lastSeenMs: deps.clock.nowMs() });
    },
    async flush() {
      if (seen.size === 0) return;
      const sightings = [...seen.values()];
      seen.clear();
      try {
        await deps.sink.note(sightings);
      } catch (error) {
        deps.logger.warn('unknownDevices.flushFailed', { devices: sightings.length, error });
        for (const { protocol, identifier, frames, lastSeenMs } of sightings) {
          add(protocol, identifier, { frames, lastSeenMs });
        }
      }
    },
  };
}
