import type { DeliveryDetail } from '@followme/contracts';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Clock } from 'lucide-react';
import { fetchDelivery } from '../../api/webhooks.ts';
import { formatSpan } from '../../format/relative-time.ts';
import { messages } from '../../messages/messages.ts';
import styles from './channels.module.css';

interface Props {
  /** The message that was sent as a test. */
  readonly deliveryId: string;
}

const text = messages.channels.test;
const ASK_EVERY_MS = 1_000;
/** Longer than this nobody looks at a test. */
const MAX_ASKS = 120;

/** A reason as a sentence. */
const sentence = (detail: string | null): string =>
  detail === null || detail.trim() === '' ? text.noDetail : detail.trim().replace(/[^.!?]$/, '$&.');

function wordsOf({ delivery }: DeliveryDetail): string {
  const { state, attempts, detail, createdTime, settledTime } = delivery;
  switch (state) {
    case 'delivered': {
      const tookMs = settledTime === null ? 0 : Date.parse(settledTime) - Date.parse(createdTime);
      return tookMs < 1_000 ? text.deliveredAtOnce : text.delivered(formatSpan(tookMs));
    }
    case 'waiting':
      return attempts === 0 ? text.waiting : text.retrying(sentence(detail));
    case 'dead':
      return text.dead(sentence(detail));
    case 'skipped':
      return text.skipped;
  }
}

/** What became of a test, followed until it is known. */
export function TestOutcome({ deliveryId }: Props) {
  const { data, isError } = useQuery({
    queryKey: ['delivery', deliveryId],
    queryFn: ({ signal }) => fetchDelivery(deliveryId, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.delivery.state === 'waiting' && state.dataUpdateCount < MAX_ASKS
        ? ASK_EVERY_MS
        : false,
  });
  const state = data?.delivery.state;
  const Icon = state === 'delivered' ? CircleCheck : state === 'dead' ? CircleAlert : Clock;
  const words = data === undefined ? text.waiting : wordsOf(data);
  return (
    <p className={styles['outcome']} role="status" data-state={state ?? 'waiting'}>
      <Icon size={16} aria-hidden="true" />
      <span>{isError && data === undefined ? text.unknown : words}</span>
    </p>
  );
}
