/** What the notification service may be told; every value has a default that holds for one process. */
export interface NotificationSettings {
  /** Offsets behind which nothing happened are committed this often, ms. */
  readonly idleCommitMs: number;
  /** Least time from one commit to the next, ms: what happens alone is committed at once, a stream of it in groups. */
  readonly commitGapMs: number;
  /** Most occurrences of one transaction; those of one record stay together. */
  readonly commitOccurrences: number;
  /** A lane stops reading at this many occurrences that are not committed. */
  readonly maxPendingPerLane: number;
  /** Longest answer of the store that is waited for, ms. */
  readonly answerWithinMs: number;
  /** Leases of lanes are renewed so often, ms; a third of their length at most. */
  readonly renewEveryMs: number;
  /** How often silence is looked for, ms. */
  readonly silenceEveryMs: number;
  /** After a start, or an outage of the store, nobody is silent for so long (or for the time of the rule, if that is shorter), ms. */
  readonly silenceGraceMs: number;
  /** How often the outbox is looked at when nobody says that something was put in, ms. */
  readonly outboxEveryMs: number;
  /** How often it is measured what waits in the outbox, ms. */
  readonly measureEveryMs: number;
  /** Webhooks that are called at the same time. */
  readonly parallelWebhooks: number;
  /** Of these at most so many of one tenant. */
  readonly parallelWebhooksPerTenant: number;
  /** Pauses after the first failure, the second, …, ms; after one more failure a message is given up. */
  readonly retryDelaysMs: readonly number[];
  /** Longest that `stop` waits for messages under way, ms. */
  readonly drainWithinMs: number;
  /** Settled messages and closed alerts are deleted after so long, ms. */
  readonly keepMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const DEFAULT_NOTIFICATION_SETTINGS: NotificationSettings = {
  idleCommitMs: 3 * SECOND,
  commitGapMs: 50,
  commitOccurrences: 500,
  maxPendingPerLane: 2_000,
  answerWithinMs: 30 * SECOND,
  renewEveryMs: 800,
  silenceEveryMs: 10 * SECOND,
  silenceGraceMs: 5 * MINUTE,
  outboxEveryMs: SECOND,
  measureEveryMs: 5 * SECOND,
  parallelWebhooks: 16,
  parallelWebhooksPerTenant: 4,
  // twelve attempts in six to eight hours: a night in which a mail server is down
  retryDelaysMs: [
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    ...Array.from({ length: 6 }, () => HOUR),
  ],
  drainWithinMs: 35 * SECOND,
  keepMs: 400 * 24 * HOUR,
};
