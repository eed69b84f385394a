import type { DeliveryDetail } from '@followme/contracts';
import { skipToken, useQuery } from '@tanstack/react-query';
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

/** Mail is only known to be with the mail server; a webhook has answered itself. */
function wordsOf({ delivery }: DeliveryDetail): string {
  const { state, attempts, detail, createdTime, settledTime } = delivery;
  switch (state) {
    case 'delivered': {
      const tookMs = settledTime === null ? 0 : Date.parse(settledTime) - Date.parse(createdTime);
      const words = delivery.channel === 'email' ? text.handedOver : text.arrived;
      return tookMs < 1_000 ? words.atOnce : words.after(formatSpan(tookMs));
    }
    case 'waiting':
      return attempts === 0 ? text.waiting : text.retrying(sentence(detail));
    case 'dead':
      return text.dead(sentence(detail));
    case 'skipped':
      return text.skipped;
  }
}

function useDelivery(deliveryId: string | undefined) {
  return useQuery({
    queryKey: ['delivery', deliveryId],
    queryFn:
      deliveryId === undefined ? skipToken : ({ signal }) => fetchDelivery(deliveryId, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.delivery.state === 'waiting' && state.dataUpdateCount < MAX_ASKS
        ? ASK_EVERY_MS
        : false,
  });
}

/** Whether a test has not been tried yet: until then another press sends no second one. */
export function useIsTestUnderWay(deliveryId: string | undefined): boolean {
  const { data, isError } = useDelivery(deliveryId);
  if (deliveryId === undefined || isError) return false;
  return data === undefined || (data.delivery.state === 'waiting' && data.delivery.attempts === 0);
}

/** What became of a test, followed until it is known. */
export function TestOutcome({ deliveryId }: Props) {
  const { data, isError } = useDelivery(deliveryId);
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
