import { RefreshCw, ShieldCheck } from 'lucide-react';
import { useAlertValue, useRefreshAlerts } from '../../alerts/alerts-context.ts';
import { formatClock } from '../../format/relative-time.ts';
import { MEDIUM, useMedia } from '../../hooks/use-media.ts';
import { messages } from '../../messages/messages.ts';
import { Link } from '../../shell/route.ts';
import { Button } from '../../ui/button.tsx';
import { QueueCard } from './queue-card.tsx';
import styles from './queue.module.css';

const text = messages.alerts;
/** Nobody works through more at once; the others are on the page of alerts. */
const MOST_CARDS = 30;

/** What needs attention, the loudest first. With nothing open it is one quiet line. */
export function Queue() {
  const all = useAlertValue((snapshot) => snapshot.queue);
  const ringing = useAlertValue((snapshot) => snapshot.ringing);
  const status = useAlertValue((snapshot) => snapshot.status);
  // on a phone the bar above the map tells of the one that rings: said twice, no map would be left
  const isMedium = useMedia(MEDIUM);
  const queue = isMedium ? all : all.filter(({ id }) => id !== ringing?.id);
  const others = queue.length - MOST_CARDS;
  if (all.length === 0) return <Quiet />;
  return (
    <section className={styles['queue']} aria-label={text.queue} data-region="queue">
      <header className={styles['head']}>
        <h2 className={styles['title']}>{text.queue}</h2>
        <span className={styles['count']}>{messages.counted(all.length)}</span>
      </header>
      {status === 'old' && <p className={styles['note']}>{text.oldText}</p>}
      <div className={styles['cards']}>
        {queue.slice(0, MOST_CARDS).map((alert) => (
          <QueueCard key={alert.id} alert={alert} isFilled={alert.id === ringing?.id} />
        ))}
        {others > 0 && (
          <Link href="/alerts" className={styles['others']}>
            {text.others(others)}
          </Link>
        )}
      </div>
    </section>
  );
}

function Quiet() {
  const status = useAlertValue((snapshot) => snapshot.status);
  const lastClosed = useAlertValue((snapshot) => snapshot.lastClosed);
  const refresh = useRefreshAlerts();
  // for as long as nobody knows, nothing is claimed
  if (status === 'loading') return null;
  if (status !== 'ready') {
    const title = status === 'failed' ? text.failedTitle : text.quiet;
    return (
      <section className={styles['quiet']} aria-label={text.queue} data-kind="failed">
        <RefreshCw size={16} aria-hidden="true" />
        <p>
          <b>{title}.</b> {status === 'failed' ? text.failedText : text.oldText}
        </p>
        <Button size="small" onPress={refresh}>
          {messages.forms.tryAgain}
        </Button>
      </section>
    );
  }
  const closedAt = lastClosed === null ? '' : formatClock(Date.parse(lastClosed.time));
  return (
    <section className={styles['quiet']} aria-label={text.queue}>
      <ShieldCheck size={16} aria-hidden="true" />
      <p>
        <b>{text.quiet}.</b> {lastClosedWords(closedAt, lastClosed?.by ?? null)}
      </p>
    </section>
  );
}

function lastClosedWords(time: string, by: string | null): string {
  if (time === '') return text.quietText;
  return by === null ? text.quietSince(time) : text.quietSinceBy(time, by);
}
