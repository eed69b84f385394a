/** The numbers the notification service shows. Every drop has its reason. */
import type { CountedValue, Metrics } from '@followme/platform';
import type { DeliveryChannel, AttemptOutcome } from '@followme/store';
import type { RaiseKind } from './raise/raise.ts';

/**
 * Why something that happened raised nothing. `resent`: of a time its card names, so it was counted before; `late`:
 * older than what its card knows, whether it was counted before or not.
 */
type Passed = 'resent' | 'late' | 'stranger' | 'unmatched' | 'fenceChanged';

/** Counters by name. */
export interface NotificationMetrics {
  alerts(kind: RaiseKind, by: number): void;
  passed(reason: Passed, by: number): void;
  attempt(channel: DeliveryChannel, outcome: AttemptOutcome): void;
  /** Given up after the last attempt, or refused by the receiver. */
  dead(channel: DeliveryChannel): void;
  skipped(reason: string, by: number): void;
  readonly messages: CountedValue;
  /** Occurrences whose messages the cool-down of their rule held back. */
  readonly coolDown: CountedValue;
  readonly poisonRecords: CountedValue;
  readonly poisonOccurrences: CountedValue;
  readonly commitFailures: CountedValue;
  readonly fenced: CountedValue;
  readonly readFailures: CountedValue;
  readonly heardAgain: CountedValue;
  readonly deleted: CountedValue;
  readonly settleFailures: CountedValue;
}

/** What gauges read at each scrape. */
export interface NotificationGauges {
  readonly behindSeconds: () => number;
  readonly waiting: () => number;
  readonly oldestDueSeconds: () => number;
}

/** Registers the numbers. */
export function createNotificationMetrics(
  metrics: Metrics,
  gauges: NotificationGauges,
): NotificationMetrics {
  const area = 'followme_notification';
  const plain = (name: string, help: string): CountedValue =>
    metrics.counter(`${area}_${name}`, help).of({});
  const alerts = metrics.counter(`${area}_alerts_total`, 'Occurrences on cards, by what they did', [
    'kind',
  ]);
  const passed = metrics.counter(
    `${area}_passed_total`,
    'Crossings and alarms that raised nothing, by reason',
    ['reason'],
  );
  const attempts = metrics.counter(`${area}_attempts_total`, 'Attempts to deliver', [
    'channel',
    'outcome',
  ]);
  const dead = metrics.counter(`${area}_dead_total`, 'Messages given up', ['channel']);
  const skipped = metrics.counter(`${area}_skipped_total`, 'Messages not sent, by reason', [
    'reason',
  ]);
  metrics.gauge(`${area}_behind_seconds`, 'Behind the log', gauges.behindSeconds);
  metrics.gauge(`${area}_outbox_waiting`, 'Messages that wait', gauges.waiting);
  metrics.gauge(
    `${area}_outbox_oldest_seconds`,
    'How long the first message that is due waits',
    gauges.oldestDueSeconds,
  );
  return {
    alerts: (kind, by) => alerts.of({ kind }).inc(by),
    passed: (reason, by) => passed.of({ reason }).inc(by),
    attempt: (channel, outcome) => attempts.of({ channel, outcome }).inc(),
    dead: (channel) => dead.of({ channel }).inc(),
    skipped: (reason, by) => skipped.of({ reason }).inc(by),
    messages: plain('messages_total', 'Messages put into the outbox'),
    coolDown: plain('cool_down_total', 'Occurrences that told nobody because of the cool-down'),
    poisonRecords: plain('poison_records_total', 'Records of the log that could not be read'),
    poisonOccurrences: plain('poison_occurrences_total', 'Occurrences the store refused'),
    commitFailures: plain('commit_failures_total', 'Commits that failed and were tried again'),
    fenced: plain('fenced_lanes_total', 'Lanes another owner had taken'),
    readFailures: plain('read_failures_total', 'Lanes whose reading broke off and began again'),
    heardAgain: plain('heard_again_total', 'Cards of silence that closed by themselves'),
    deleted: plain('deleted_total', 'Old messages and alerts deleted'),
    settleFailures: plain('settle_failures_total', 'Outcomes of attempts the store did not take'),
  };
}
