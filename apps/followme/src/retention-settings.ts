/** Settings of how long things are kept. All processes of an installation say the same. */
import { parseWhole } from './usage-error.ts';

const DEFAULT_DAYS = '400';
/** Yesterday is still written by devices that were without a network over night. */
const DAYS = { min: 2, max: 3_660 } as const;

/** How long things are kept. */
export interface RetentionSettings {
  readonly keep: {
    /** UTC days of positions before today. */
    readonly positionDays: number;
    /** Days of fence events. */
    readonly eventDays: number;
  };
}

/** The flags as the command line hands them over. */
export interface RetentionFlags {
  readonly keepPositions?: string;
  readonly keepEvents?: string;
}

/** @throws UsageError naming the flag that cannot be used. */
export function readRetentionSettings(
  flags: RetentionFlags,
  environment: Readonly<Record<string, string | undefined>>,
): RetentionSettings {
  const days = (flag: string | undefined, variable: string, name: string): number =>
    parseWhole(flag ?? environment[variable] ?? DEFAULT_DAYS, name, DAYS);
  return {
    keep: {
      positionDays: days(flags.keepPositions, 'FOLLOWME_KEEP_POSITIONS', '--keep-positions'),
      eventDays: days(flags.keepEvents, 'FOLLOWME_KEEP_EVENTS', '--keep-events'),
    },
  };
}
