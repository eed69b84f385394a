import { useQuery } from '@tanstack/react-query';
import { fetchDeliveries } from '../../api/deliveries.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { SendAgain } from './send-again.tsx';
import styles from './deliveries-page.module.css';

const text = messages.deliveries;
const AGAIN_MS = 15_000;
/** The newest of them say enough; all are one press away. */
const MOST_SHOWN = 3;

interface Props {
  readonly onShowAll: () => void;
}

/** Messages that nobody got, before everything else, with what the other side said. */
export function GivenUp({ onShowAll }: Props) {
  const dead = useQuery({
    queryKey: ['deliveries', 'given-up'],
    queryFn: ({ signal }) => fetchDeliveries({ state: 'dead', cursor: null }, signal),
    staleTime: 0,
    refetchInterval: AGAIN_MS,
  });
  const items = dead.data?.items ?? [];
  if (items.length === 0) return null;
  const hasMore = items.length > MOST_SHOWN || (dead.data?.nextCursor ?? null) !== null;
  return (
    <section className={styles['givenUp']}>
      <Banner
        kind="critical"
        isLive={false}
        title={`${text.deadTitle(items.length)}.`}
        action={
          hasMore && (
            <Button size="small" onPress={onShowAll}>
              {text.showAll}
            </Button>
          )
        }
      >
        {text.deadText}
      </Banner>
      <ul role="list">
        {items.slice(0, MOST_SHOWN).map((delivery) => (
          <li key={delivery.id}>
            <span className={styles['deadWords']}>
              <b>
                <bdi>{delivery.receiver}</bdi>
              </b>{' '}
              · <bdi>{delivery.subject}</bdi>
              {delivery.detail !== null && (
                <span dir="auto" className={styles['why']}>
                  {delivery.detail}
                </span>
              )}
            </span>
            <SendAgain delivery={delivery} />
          </li>
        ))}
      </ul>
    </section>
  );
}
