import { useAlertActions } from '../alerts/alert-actions.tsx';
import { isUnanswered } from '../alerts/alert-order.ts';
import { AlertTitle } from '../alerts/alert-words.tsx';
import { useAlertValue } from '../alerts/alerts-context.ts';
import { updateUrl, useUrlState } from '../browser/url-state.ts';
import { formatRunning } from '../format/running-time.ts';
import { MEDIUM, useMedia } from '../hooks/use-media.ts';
import { useNow } from '../hooks/use-now.ts';
import { messages } from '../messages/messages.ts';
import { useCan } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { SeverityGlyph } from '../ui/severity-glyph.tsx';
import { useRoute } from './route.ts';
import styles from './alert-bar.module.css';

const text = messages.alerts;

/** Whether the queue has its place on this screen: the style sheet knows when a panel covers it. */
function useIsBesideQueue(): boolean {
  const { section } = useRoute();
  const { view } = useUrlState();
  const isMedium = useMedia(MEDIUM);
  return section === 'live' && view === 'map' && isMedium;
}

/** The oldest unanswered critical alert, above every page that does not show the queue. */
export function AlertBar() {
  const ringing = useAlertValue((snapshot) => snapshot.ringing);
  const others = useAlertValue(
    ({ queue }) => queue.filter((a) => a.severity === 'critical' && isUnanswered(a)).length - 1,
  );
  const actions = useAlertActions();
  const mayHandle = useCan('handleAlerts');
  const isBesideQueue = useIsBesideQueue();
  const nowMs = useNow();
  if (ringing === null) return null;
  return (
    <section
      className={styles['bar']}
      aria-label={text.bar}
      data-region="critical"
      data-beside-queue={isBesideQueue}
    >
      <SeverityGlyph severity="critical" />
      <p className={styles['words']}>
        <b>
          <AlertTitle alert={ringing} />
        </b>{' '}
        <span className={styles['time']}>
          {formatRunning(nowMs - Date.parse(ringing.raisedTime))}
        </span>
        {others > 0 && <span className={styles['others']}> {text.andMore(others)}</span>}
      </p>
      <div className={styles['deeds']}>
        <Button
          size="small"
          onPress={() => updateUrl({ trackerId: ringing.trackerId, view: 'map' })}
        >
          {text.showShort}
        </Button>
        {mayHandle && (
          <Button
            size="small"
            kind="critical"
            isPending={actions.busyIds.includes(ringing.id)}
            onPress={() => void actions.acknowledge(ringing)}
          >
            {text.acknowledge}
          </Button>
        )}
      </div>
    </section>
  );
}
