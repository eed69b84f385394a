import type { DeliveryReply } from '@followme/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CloudOff, SearchX, Send } from 'lucide-react';
import { useState } from 'react';
import { type DeliveryState as State, fetchDeliveries } from '../../api/deliveries.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Link } from '../../shell/route.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { GivenUp } from './given-up.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import styles from './deliveries-page.module.css';

const text = messages.deliveries;
const SKELETON_ROWS = 6;
/** What waits is on its way: look again while somebody looks. */
const AGAIN_MS = 15_000;

const FILTERS = ['all', 'waiting', 'delivered', 'dead', 'skipped'] as const;
type Filter = (typeof FILTERS)[number];

function filterLabel(filter: Filter): string {
  return filter === 'all' ? text.all : text.state[filter];
}

/** Deliveries in one state, or all, newest first. */
function useDeliveries(state: State | null) {
  return useInfiniteQuery({
    queryKey: ['deliveries', state],
    queryFn: ({ pageParam, signal }) => fetchDeliveries({ state, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: 0,
    refetchInterval: AGAIN_MS,
  });
}

/** Every message that was sent; what was given up stands first, with why and what to do. */
export function DeliveriesPage() {
  const [filter, setFilter] = useState<Filter>('all');
  return (
    <Page title={text.title} description={text.intro} width="wide">
      {filter !== 'dead' && <GivenUp onShowAll={() => setFilter('dead')} />}
      <SegmentedControl
        label={text.filter}
        isLabelHidden
        items={FILTERS.map((id) => ({ id, label: filterLabel(id) }))}
        value={filter}
        onChange={setFilter}
        className={styles['filter']}
      />
      <Deliveries
        key={filter}
        state={filter === 'all' ? null : filter}
        onShowAll={() => setFilter('all')}
      />
    </Page>
  );
}

interface DeliveriesProps {
  readonly state: State | null;
  readonly onShowAll: () => void;
}

function Deliveries({ state, onShowAll }: DeliveriesProps) {
  const deliveries = useDeliveries(state);
  if (deliveries.isPending) return <Skeleton rows={SKELETON_ROWS} label={text.table} />;
  if (deliveries.data === undefined) {
    return (
      <StateMessage icon={CloudOff} title={text.failedTitle} text={text.failedText}>
        <Button onPress={() => void deliveries.refetch()}>{messages.forms.tryAgain}</Button>
      </StateMessage>
    );
  }
  const rows: readonly DeliveryReply[] = deliveries.data.pages.flatMap(({ items }) => items);
  return (
    <>
      <DeliveryTable
        rows={rows}
        empty={state === null ? <NothingSent /> : <NothingFits onShowAll={onShowAll} />}
      />
      {deliveries.hasNextPage && (
        <Button
          className={styles['more']}
          isPending={deliveries.isFetchingNextPage}
          onPress={() => void deliveries.fetchNextPage()}
        >
          {text.more}
        </Button>
      )}
    </>
  );
}

function NothingSent() {
  const isManager = useCan('manage');
  return (
    <StateMessage icon={Send} title={text.emptyTitle} text={text.emptyText}>
      {isManager && <Link href="/rules">{text.emptyAction}</Link>}
    </StateMessage>
  );
}

function NothingFits({ onShowAll }: Pick<DeliveriesProps, 'onShowAll'>) {
  return (
    <StateMessage icon={SearchX} title={text.noneTitle} text={text.noneText}>
      <Button onPress={onShowAll}>{text.showAll}</Button>
    </StateMessage>
  );
}
