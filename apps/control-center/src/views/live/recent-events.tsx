import { LogIn, LogOut } from 'lucide-react';
import { formatClock, formatExact } from '../../format/relative-time.ts';
import { messages } from '../../messages/messages.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { TrackerCrossings } from './use-tracker-crossings.ts';
import styles from './detail-panel.module.css';

const SHOWN = 5;
const text = messages.live;

/** The newest crossings of one tracker. */
export function RecentEvents({ status, crossings }: TrackerCrossings) {
  return (
    <section className={styles['section']} aria-label={text.recent}>
      <h3 className={styles['heading']}>{text.recent}</h3>
      {status === 'loading' && crossings.length === 0 && <Skeleton rows={1} label={text.recent} />}
      {status === 'failed' && <p className={styles['muted']}>{messages.activity.failed}</p>}
      {status === 'ready' && crossings.length === 0 && (
        <p className={styles['muted']}>{text.noRecent}</p>
      )}
      <ul role="list" className={styles['events']}>
        {crossings.slice(0, SHOWN).map(({ eventId, kind, fenceName, fixMs }) => {
          const Icon = kind === 'enter' ? LogIn : LogOut;
          return (
            <li key={eventId}>
              <time dateTime={new Date(fixMs).toISOString()} title={formatExact(fixMs)}>
                {formatClock(fixMs)}
              </time>
              <Icon size={14} aria-hidden="true" />
              <span className={styles['cut']}>
                {kind === 'enter' ? text.enteredPlace : text.leftPlace} <bdi>{fenceName}</bdi>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
