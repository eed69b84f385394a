import { useQuery } from '@tanstack/react-query';
import { fetchDelivery } from '../../api/deliveries.ts';
import { formatClockSeconds, formatExact } from '../../format/relative-time.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './delivery-attempts.module.css';

const text = messages.deliveries;

/** Every attempt to hand a message over, oldest first, with what the other side said. */
export function DeliveryAttempts({ deliveryId }: { readonly deliveryId: string }) {
  const detail = useQuery({
    queryKey: ['delivery', deliveryId],
    queryFn: ({ signal }) => fetchDelivery(deliveryId, signal),
    staleTime: 0,
  });
  if (detail.isPending) return <Skeleton rows={1} label={messages.alerts.page.attempts} />;
  if (detail.data === undefined) {
    return (
      <p className={styles['failed']} role="alert">
        {text.failedTitle}
        <Button size="small" onPress={() => void detail.refetch()}>
          {messages.forms.tryAgain}
        </Button>
      </p>
    );
  }
  const { attempts } = detail.data;
  if (attempts.length === 0) return <p className={styles['failed']}>{text.noAttempts}</p>;
  return (
    <ol className={styles['attempts']}>
      {attempts.map(({ time, outcome, tookMs, detail: said }) => (
        <li key={time}>
          <time dateTime={time} title={formatExact(Date.parse(time))}>
            {formatClockSeconds(Date.parse(time))}
          </time>
          <span>
            {text.outcome[outcome]}, {text.took(`${messages.counted(tookMs)} ms`)}
          </span>
          {said !== null && (
            <span dir="auto" className={styles['said']}>
              {said}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
