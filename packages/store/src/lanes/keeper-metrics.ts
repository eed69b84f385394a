import type { CountedValue, Metrics } from '@followme/platform';
import type { Consumer } from '../postgres/lane-progress/lanes.ts';

/**
 * Why a lane was let go without being handed over.
 * - `fenced`: a commit was refused, another owner has it.
 * - `commitRefused`, `commitUnknown`, `readFailed`: its work cannot go on as it is and is begun anew.
 * - `beginFailed`, `finishFailed`: its work did not begin, or did not come to an end.
 * - `leaseLost`: a look said that it is somebody else's.
 * - `leaseExpired`: the store has not been reached for a lease, or the process stood still for so long.
 * - `logSilent`: the log does not answer; the lane was given back.
 * - `withdrawn`: given back before its work had begun.
 */
export type LaneLoss =
  | 'fenced'
  | 'commitRefused'
  | 'commitUnknown'
  | 'readFailed'
  | 'beginFailed'
  | 'finishFailed'
  | 'leaseLost'
  | 'leaseExpired'
  | 'logSilent'
  | 'withdrawn';

export interface KeeperMetrics {
  lost(why: LaneLoss): void;
  readonly taken: CountedValue;
  readonly handedOver: CountedValue;
  readonly failures: CountedValue;
}

/** The numbers of one consumer's ownership; gauges are read at each scrape. */
export function createKeeperMetrics(
  metrics: Metrics,
  consumer: Consumer,
  gauges: { readonly owned: () => number; readonly members: () => number },
): KeeperMetrics {
  const labels = { consumer };
  const plain = (name: string, help: string): CountedValue =>
    metrics.counter(`followme_lanes_${name}_total`, help, ['consumer']).of(labels);
  const lost = metrics.counter('followme_lanes_lost_total', 'Lanes let go, by reason.', [
    'consumer',
    'reason',
  ]);
  metrics.gauge('followme_lanes_owned', 'Lanes this process owns.', gauges.owned, labels);
  metrics.gauge(
    'followme_lane_members',
    'Living processes that share the lanes.',
    gauges.members,
    labels,
  );
  return {
    lost: (reason) => lost.of({ consumer, reason }).inc(),
    taken: plain('taken', 'Lanes this process took.'),
    handedOver: plain('handed_over', 'Lanes given back when their work was committed.'),
    failures: plain('look_failures', 'Looks at leases that the store did not answer.'),
  };
}
