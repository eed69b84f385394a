/** The numbers the operator shows; taken once, so that counting on the hot path is one call. */
import type { FenceEvent, FenceEventKind } from '@followme/model';
import type { CountedValue, Metrics, ObservedValue } from '@followme/platform';
import type { LaneLoss } from '@followme/store';

/** Why a fix was not judged. */
type IgnoredFix = 'late' | 'invalid' | 'noPlace' | 'otherTenant';
export interface OperatorMetrics {
  event(kind: FenceEvent['kind']): void;
  ignoredFix(why: IgnoredFix): void;
  laneLost(why: LaneLoss): void;
  readonly fixes: CountedValue;
  readonly poisonRecords: CountedValue;
  readonly unknownRecords: CountedValue;
  readonly staleAnnouncements: CountedValue;
  readonly commitFailures: CountedValue;
  readonly publishFailures: CountedValue;
  readonly logRegressions: CountedValue;
  readonly commitSeconds: ObservedValue;
}

/** What gauges read at each scrape. */
export interface OperatorGauges {
  readonly lagRecords: () => number;
  readonly lagSeconds: () => number;
  readonly lanesOwned: () => number;
  readonly unsentEvents: () => number;
}

const COMMIT_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createOperatorMetrics(metrics: Metrics, gauges: OperatorGauges): OperatorMetrics {
  const area = 'followme_geofence';
  const plain = (name: string, help: string): CountedValue =>
    metrics.counter(`${area}_${name}`, help).of({});
  const late = plain('late_fixes_total', 'Fixes not newer than the newest judged one.');
  const ignored = metrics.counter(`${area}_fixes_ignored_total`, 'Fixes not judged, by reason.', [
    'reason',
  ]);
  const fenced = plain('fenced_total', 'Commits refused because another owner has the lane.');
  const lost = metrics.counter(`${area}_lanes_lost_total`, 'Lanes let go, by reason.', ['reason']);
  const events = metrics.counter(`${area}_events_total`, 'Crossings committed, by kind.', ['kind']);
  const eventOf: Record<FenceEventKind, CountedValue> = {
    enter: events.of({ kind: 'enter' }),
    exit: events.of({ kind: 'exit' }),
  };
  metrics.gauge(`${area}_lag_records`, 'Records behind the end of the log.', gauges.lagRecords);
  metrics.gauge(`${area}_lag_seconds`, 'Age of the last committed record.', gauges.lagSeconds);
  metrics.gauge(`${area}_lanes_owned`, 'Lanes this process judges.', gauges.lanesOwned);
  metrics.gauge(`${area}_events_unsent`, 'Committed events under way.', gauges.unsentEvents);
  return {
    event: (kind) => eventOf[kind].inc(),
    ignoredFix: (why) => (why === 'late' ? late : ignored.of({ reason: why })).inc(),
    laneLost(why) {
      if (why === 'fenced') fenced.inc();
      lost.of({ reason: why }).inc();
    },
    fixes: plain('fixes_total', 'Fixes read from the log.'),
    poisonRecords: plain('poison_records_total', 'Records skipped after failing three times.'),
    unknownRecords: plain('unknown_records_total', 'Records of a kind of a newer release.'),
    staleAnnouncements: plain('stale_announcements_total', 'Fence versions announced again.'),
    commitFailures: plain('commit_failures_total', 'Commits the store did not answer.'),
    publishFailures: plain('publish_failures_total', 'Events the log did not take at once.'),
    logRegressions: plain('log_regressions_total', 'Lanes whose log ends before the offset.'),
    commitSeconds: metrics.histogram(`${area}_commit_seconds`, 'Time of a commit.', COMMIT_BUCKETS),
  };
}
