/** What the operator may be told; every value has a default that holds for one process on two cores. */
export interface GeofenceSettings {
  /** A commit is made this long after the first record it holds, at the latest. */
  readonly commitEveryMs: number;
  /** … or when this many records or events wait for one. */
  readonly commitRecords: number;
  /** A lane stops reading at this many records that are not committed. */
  readonly maxUncommittedRecords: number;
  /** Commits wait while this many committed events have not left for the events stream. */
  readonly maxUnsentEvents: number;
  /** Leases are renewed, and lanes that are free taken, this often; a third of their length at most. */
  readonly renewEveryMs: number;
  /** Longest answer of store or log that is waited for. */
  readonly answerWithinMs: number;
  /** Longest that `stop` waits for events to leave. */
  readonly drainWithinMs: number;
}

export const DEFAULT_GEOFENCE_SETTINGS: GeofenceSettings = {
  commitEveryMs: 50,
  commitRecords: 2_000,
  maxUncommittedRecords: 4_000,
  maxUnsentEvents: 10_000,
  renewEveryMs: 800,
  answerWithinMs: 10_000,
  drainWithinMs: 5_000,
};
