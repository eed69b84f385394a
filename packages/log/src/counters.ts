/** What a log counts, whatever its engine. */
import type { CountedValue, Metrics, ObservedValue } from '@followme/platform';
import type { LogErrorCode, StreamName } from './port.ts';

interface StreamCounters {
  readonly records: CountedValue;
  readonly bytes: CountedValue;
  readonly duplicates: CountedValue;
  readonly trimmed: CountedValue;
}

export interface LogCounters {
  readonly streams: Readonly<Record<StreamName, StreamCounters>>;
  /** Seconds from the call of `append` to its durability. */
  readonly appendSeconds: ObservedValue;
  /** An append that was refused or failed. */
  refused(reason: LogErrorCode): void;
  /** A subscriber threw at a broadcast. */
  readonly hearingFailed: CountedValue;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Registers the log's metrics; `pendingBytes` is read at each scrape. */
export function createLogCounters(metrics: Metrics, pendingBytes: () => number): LogCounters {
  const stream = ['stream'] as const;
  const records = metrics.counter(
    'followme_log_appended_records_total',
    'Records made durable',
    stream,
  );
  const bytes = metrics.counter(
    'followme_log_appended_bytes_total',
    'Payload made durable',
    stream,
  );
  const duplicates = metrics.counter(
    'followme_log_duplicate_records_total',
    'Appends whose record id was there already',
    stream,
  );
  const trimmed = metrics.counter(
    'followme_log_trimmed_records_total',
    'Records removed by age',
    stream,
  );
  const refused = metrics.counter(
    'followme_log_refused_appends_total',
    'Appends refused or failed',
    ['reason'],
  );
  const of = (name: StreamName): StreamCounters => ({
    records: records.of({ stream: name }),
    bytes: bytes.of({ stream: name }),
    duplicates: duplicates.of({ stream: name }),
    trimmed: trimmed.of({ stream: name }),
  });
  metrics.gauge('followme_log_pending_bytes', 'Payload accepted, not yet durable', pendingBytes);
  return {
    streams: { positions: of('positions'), events: of('events') },
    appendSeconds: metrics.histogram(
      'followme_log_append_seconds',
      'From the call of append to its durability',
      SECONDS,
    ),
    refused: (reason) => refused.of({ reason }).inc(),
    hearingFailed: metrics
      .counter('followme_log_failed_broadcasts_total', 'Subscribers that threw at a broadcast')
      .of({}),
  };
}
