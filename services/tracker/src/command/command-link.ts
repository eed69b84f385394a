import type { TenantId, TrackerId } from '@followme/model';
import type { Protocol } from '@followme/protocols';

/** The device a connection reports for. */
interface LinkedDevice {
  readonly identifier: string;
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  /** False when the registry let go of it. */
  readonly active: boolean;
}

/** A connection as commands see it. */
export interface CommandLink {
  readonly protocol: Protocol;
  /** The device it named last. */
  readonly device: LinkedDevice | null;
  /** When it named that device, ms since 1970 UTC. */
  readonly deviceSinceMs: number;
  /**
   * Writes whole frames behind whole frames. `notReading`: too much waits already, nothing was written;
   * `gone`: the connection is closing.
   */
  writeCommand(frame: Buffer): 'sent' | 'notReading' | 'gone';
}
