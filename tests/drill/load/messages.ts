/** What drill and load generator say to each other. */

/** Where devices dial. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface LoadPlan {
  readonly seed: string;
  /** Index of the first tracker of this generator. */
  readonly first: number;
  readonly trackers: number;
  /** Trackers that move make crossings; the others only report. */
  readonly moves: boolean;
  /** Time between two fixes of a tracker, whole seconds in ms. */
  readonly intervalMs: number;
  readonly targets: readonly Target[];
  /** Address to dial from; the system chooses when left out. */
  readonly localAddress?: string;
}

/** Columns of one acknowledged fix in `Collected.fixes`. */
export const FIX_COLUMNS = 5;

export interface Collected {
  /** Tracker index, step, fix time, when it came about, when it was acknowledged; times in ms since 1970. */
  readonly fixes: Float64Array;
}

export interface LoadStatus {
  /** Fixes that came about. */
  readonly made: number;
  readonly acknowledged: number;
  /** Fixes that wait for an acknowledgement. */
  readonly held: number;
  readonly connected: number;
  readonly reconnects: number;
  /** Connections that failed, broke or were given up unanswered. */
  readonly failures: number;
  /** Old records that were sent once more, as devices do that lost count. */
  readonly repeats: number;
}
