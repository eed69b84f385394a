/**
 * Subjects of the log's broadcasts: hints between processes that something changed, whose loss a regular
 * look at the store makes good. The payload of most is the id of the tenant as decimal text; those of the last
 * three are in `packages/contracts`.
 */
export const SUBJECTS = {
  /** Trackers, devices, groups or people of a tenant changed. */
  registry: 'registry',
  /** Fences of a tenant changed. */
  fences: 'fences',
  /** A session of a tenant was closed. */
  sessions: 'sessions',
  /** Alerts of a tenant were raised, answered or closed. */
  alerts: 'alerts',
  /** Lanes of a consumer were given back: who wants some need not wait for the next look. */
  lanes: 'lanes',
  /** A command for a tracker; the process that holds its socket takes it. */
  commands: 'commands',
  /** What became of a command. */
  commandReplies: 'commandReplies',
  /** Logins that failed or fitted, as digests, so that limits hold over all processes. */
  loginFailures: 'loginFailures',
} as const;
