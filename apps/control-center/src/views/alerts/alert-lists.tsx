import type { AlertReply } from '@followme/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CloudOff, ShieldCheck } from 'lucide-react';
import { AlertTitle, takenBy } from '../../alerts/alert-words.tsx';
import { useAlertValue, useRefreshAlerts } from '../../alerts/alerts-context.ts';
import { fetchClosedAlerts } from '../../api/alerts.ts';
import { formatAgoShort, formatExact } from '../../format/relative-time.ts';
import { useNow } from '../../hooks/use-now.ts';
import { messages } from '../../messages/messages.ts';
import { Link } from '../../shell/route.ts';
import { Button } from '../../ui/button.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import styles from './alerts-page.module.css';

interface Props {
  /** The alert that is open beside the list. */
  readonly chosenId: number | null;
}

const text = messages.alerts;
const SKELETON_ROWS = 6;

/** What needs attention, in the order of the queue. */
export function OpenAlerts({ chosenId }: Props) {
  const queue = useAlertValue((snapshot) => snapshot.queue);
  const status = useAlertValue((snapshot) => snapshot.status);
  const refresh = useRefreshAlerts();
  if (queue.length > 0) return <Rows alerts={queue} chosenId={chosenId} search="" />;
  if (status === 'loading') return <Skeleton rows={SKELETON_ROWS} label={text.loading} />;
  if (status === 'failed') {
    return (
      <StateMessage icon={CloudOff} title={text.failedTitle} text={text.failedText}>
        <Button onPress={refresh}>{messages.forms.tryAgain}</Button>
      </StateMessage>
    );
  }
  return <StateMessage icon={ShieldCheck} title={text.page.openEmptyTitle} text={text.quietText} />;
}

/** What was closed, newest first, page by page. */
export function ClosedAlerts({ chosenId }: Props) {
  const closed = useInfiniteQuery({
    queryKey: ['alerts', 'closed'],
    queryFn: ({ pageParam, signal }) => fetchClosedAlerts(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: 0,
  });
  if (closed.isPending) return <Skeleton rows={SKELETON_ROWS} label={text.loading} />;
  if (closed.data === undefined) {
    return (
      <StateMessage icon={CloudOff} title={text.failedTitle} text={text.page.failedText}>
        <Button onPress={() => void closed.refetch()}>{messages.forms.tryAgain}</Button>
      </StateMessage>
    );
  }
  const alerts = closed.data.pages.flatMap(({ items }) => items);
  if (alerts.length === 0) {
    const { closedEmptyTitle, closedEmptyText } = text.page;
    return <StateMessage icon={ShieldCheck} title={closedEmptyTitle} text={closedEmptyText} />;
  }
  return (
    <>
      <Rows alerts={alerts} chosenId={chosenId} search="?state=closed" />
      {closed.hasNextPage && (
        <Button
          className={styles['more']}
          isPending={closed.isFetchingNextPage}
          onPress={() => void closed.fetchNextPage()}
        >
          {text.page.more}
        </Button>
      )}
    </>
  );
}

interface RowsProps extends Props {
  readonly alerts: readonly AlertReply[];
  /** Keeps the list what it is while one after the other is read. */
  readonly search: string;
}

function Rows({ alerts, chosenId, search }: RowsProps) {
  const nowMs = useNow();
  return (
    <ul role="list" className={styles['rows']} aria-label={text.page.list}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Link
            href={`/alerts/${alert.id}${search}`}
            className={styles['row']}
            aria-current={alert.id === chosenId ? 'page' : undefined}
          >
            <SeverityGlyph severity={alert.severity} label={text.severity[alert.severity]} />
            <span className={styles['rowWords']}>
              <span className={styles['rowTitle']}>
                <AlertTitle alert={alert} />
              </span>
              <span className={styles['rowText']}>{stateWords(alert)}</span>
            </span>
            <Moment alert={alert} nowMs={nowMs} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Moment({ alert, nowMs }: { readonly alert: AlertReply; readonly nowMs: number }) {
  const time = alert.closed?.time ?? alert.raisedTime;
  const timeMs = Date.parse(time);
  return (
    <time className={styles['rowTime']} dateTime={time} title={formatExact(timeMs)}>
      {formatAgoShort(timeMs, nowMs)}
    </time>
  );
}

/** How it stands: closed and by whom, taken and by whom, or without an answer. */
function stateWords(alert: AlertReply): string {
  const { closed, state, assigned, acknowledged } = alert;
  if (closed !== null) return text.page.entry.closed(closed.by?.name ?? text.page.system);
  const name = takenBy(alert);
  if (name !== null) return assigned === null ? text.answeredBy(name) : text.isOnIt(name);
  return state === 'open' && acknowledged === null ? text.noAnswer : text.answered;
}
