import type { DeliveryReply } from '@followme/contracts';
import type { ReactNode } from 'react';
import { formatAgo, formatClock, formatExact } from '../../format/relative-time.ts';
import { useMedia } from '../../hooks/use-media.ts';
import { useNow } from '../../hooks/use-now.ts';
import { messages } from '../../messages/messages.ts';
import { Link } from '../../shell/route.ts';
import { DataTable, type TableColumn } from '../../ui/data-table.tsx';
import { DeliveryState } from './delivery-state.tsx';
import { SendAgain } from './send-again.tsx';
import styles from './deliveries-page.module.css';

const text = messages.deliveries;

interface Props {
  readonly rows: readonly DeliveryReply[];
  readonly empty: ReactNode;
}

const COLUMNS: readonly TableColumn<DeliveryReply>[] = [
  {
    id: 'state',
    header: text.columns.state,
    cell: (row) => <DeliveryState state={row.state} />,
    width: '8rem',
  },
  {
    id: 'to',
    header: text.columns.to,
    isRowHeader: true,
    cell: ({ receiver, address, channel }) => (
      <span className={styles['cell']}>
        <bdi>{receiver}</bdi>
        <span className={styles['second']} title={address}>
          {text.channel[channel]} · <bdi>{address}</bdi>
        </span>
      </span>
    ),
  },
  { id: 'what', header: text.columns.what, cell: (row) => <What delivery={row} /> },
  {
    id: 'why',
    header: text.columns.why,
    isSecondary: true,
    cell: ({ detail }) => (
      <span dir="auto" className={styles['why']} title={detail ?? ''}>
        {detail ?? ''}
      </span>
    ),
  },
  {
    id: 'attempts',
    header: text.columns.attempts,
    isNumber: true,
    isSecondary: true,
    cell: ({ attempts }) => messages.counted(attempts),
    width: '6rem',
  },
  {
    id: 'when',
    header: text.columns.when,
    isSecondary: true,
    cell: (row) => <When delivery={row} />,
    width: '9rem',
  },
  {
    id: 'action',
    header: text.columns.action,
    cell: (row) => <SendAgain delivery={row} />,
    width: '8rem',
  },
];

/** Below this the columns would be a few letters wide. */
const NARROW = '(max-width: 1023px)';

/** Messages as rows: to whom, what, what became of it and why. On a phone each is a card. */
export function DeliveryTable({ rows, empty }: Props) {
  const isNarrow = useMedia(NARROW);
  if (isNarrow && rows.length === 0) return <div className={styles['card']}>{empty}</div>;
  if (isNarrow) return <DeliveryCards rows={rows} />;
  return (
    <DataTable
      label={text.table}
      columns={COLUMNS}
      rows={rows}
      rowId={({ id }) => id}
      rowText={({ receiver }) => receiver}
      empty={empty}
    />
  );
}

function DeliveryCards({ rows }: Pick<Props, 'rows'>) {
  return (
    <ul className={styles['cards']} aria-label={text.table}>
      {rows.map((row) => (
        <li key={row.id} className={styles['card']}>
          <div className={styles['cardHead']}>
            <bdi className={styles['receiver']}>{row.receiver}</bdi>
            <DeliveryState state={row.state} />
          </div>
          <span className={styles['second']}>
            {text.channel[row.channel]} · <bdi>{row.address}</bdi>
          </span>
          <What delivery={row} />
          {row.detail !== null && (
            <span dir="auto" className={styles['why']}>
              {row.detail}
            </span>
          )}
          <div className={styles['cardFoot']}>
            <When delivery={row} />
            <SendAgain delivery={row} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function What({ delivery }: { readonly delivery: DeliveryReply }) {
  const { subject, alertId, purpose } = delivery;
  return (
    <span className={styles['cell']}>
      {alertId === null ? (
        <bdi>{subject}</bdi>
      ) : (
        <Link href={`/alerts/${alertId}`}>
          <bdi>{subject}</bdi>
        </Link>
      )}
      <span className={styles['second']}>{text.purpose[purpose]}</span>
    </span>
  );
}

function When({ delivery }: { readonly delivery: DeliveryReply }) {
  const nowMs = useNow();
  const { createdTime, nextAttemptTime } = delivery;
  const createdMs = Date.parse(createdTime);
  return (
    <span className={styles['cell']}>
      <time dateTime={createdTime} title={formatExact(createdMs)}>
        {formatAgo(createdMs, nowMs)}
      </time>
      {nextAttemptTime !== null && delivery.state === 'waiting' && delivery.attempts > 0 && (
        <span className={styles['second']}>
          {text.next(formatClock(Date.parse(nextAttemptTime)))}
        </span>
      )}
    </span>
  );
}
