/** What the engine counts beside what every log counts. */
import type { CountedValue, Metrics } from '@followme/platform';

/** Why a server is given up although its connection stands. */
export type MoveReason = 'timeouts' | 'silent' | 'lameDuck';

/** Why an append was sent again. */
export type RetryReason = 'timeout' | 'reconnect' | 'refused' | 'idHeld';

/** Why a reader began anew on the server. */
export type RebuildReason = 'reconnect' | 'silent' | 'behind' | 'gap' | 'gone';

/** What this engine counts beside what every log does. */
export interface JetStreamCounters {
  readonly reconnects: CountedValue;
  /** A server given up although its connection stood. */
  left(reason: MoveReason): void;
  retried(reason: RetryReason): void;
  rebuilt(reason: RebuildReason): void;
  /** Ten seconds in which a reader could not begin on the server. */
  readonly stuckReaders: CountedValue;
  /** A broadcast while no server was reached. */
  readonly unsentHints: CountedValue;
}

/** Registers the metrics of the JetStream engine. */
export function createJetStreamCounters(metrics: Metrics): JetStreamCounters {
  const retries = metrics.counter('followme_log_append_retries_total', 'Appends sent again', [
    'reason',
  ]);
  const left = metrics.counter(
    'followme_log_servers_left_total',
    'Servers given up although the connection stood',
    ['reason'],
  );
  const rebuilds = metrics.counter(
    'followme_log_reader_rebuilds_total',
    'Readers that began anew on the server',
    ['reason'],
  );
  return {
    reconnects: metrics
      .counter('followme_log_reconnects_total', 'Connections to the servers made again')
      .of({}),
    left: (reason) => left.of({ reason }).inc(),
    retried: (reason) => retries.of({ reason }).inc(),
    rebuilt: (reason) => rebuilds.of({ reason }).inc(),
    stuckReaders: metrics
      .counter(
        'followme_log_stuck_readers_total',
        'Times that a reader could not begin on the server for ten seconds',
      )
      .of({}),
    unsentHints: metrics
      .counter('followme_log_unsent_broadcasts_total', 'Broadcasts while no server was reached')
      .of({}),
  };
}
