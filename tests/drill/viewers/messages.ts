/** What drill and viewers say to each other. */

export interface ViewerPlan {
  /** Addresses of client processes; after the end of a session the next one is dialled. */
  readonly urls: readonly string[];
  /** Which address first. */
  readonly first: number;
  readonly email: string;
  readonly password: string;
  /** Opens a socket and never reads it. */
  readonly mute: boolean;
}

export interface ViewerReport {
  readonly updates: number;
  /** Sessions opened; one more than the reconnects. */
  readonly sessions: number;
  /** Updates that were older than what the same session was told before. */
  readonly backwards: number;
  /** Pairs of tracker id and fix time of what is seen now. */
  readonly newest: Float64Array;
}
