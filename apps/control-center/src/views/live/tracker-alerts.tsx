import type { AlertReply } from '@followme/contracts';
import { useAlertActions } from '../../alerts/alert-actions.tsx';
import { isUnanswered } from '../../alerts/alert-order.ts';
import { AlertTitle, takenBy } from '../../alerts/alert-words.tsx';
import { useAlertValue } from '../../alerts/alerts-context.ts';
import { formatAgo, formatExact } from '../../format/relative-time.ts';
import { useNowText } from '../../hooks/use-now.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Link } from '../../shell/route.ts';
import { Button } from '../../ui/button.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import styles from './detail-panel.module.css';

/** Why this tracker matters now: its alerts that are not closed, with what can be done about them. */
export function TrackerAlerts({ trackerId }: { readonly trackerId: number }) {
  const queue = useAlertValue((snapshot) => snapshot.queue);
  const own = queue.filter((alert) => alert.trackerId === trackerId);
  if (own.length === 0) return null;
  return (
    <ul role="list" className={styles['alerts']} aria-label={messages.live.alertsOfTracker}>
      {own.map((alert) => (
        <AlertLine key={alert.id} alert={alert} />
      ))}
    </ul>
  );
}

function AlertLine({ alert }: { readonly alert: AlertReply }) {
  const { acknowledge, askAssign, busyIds } = useAlertActions();
  const mayHandle = useCan('handleAlerts');
  const raisedMs = Date.parse(alert.raisedTime);
  const ago = useNowText((nowMs) => formatAgo(raisedMs, nowMs));
  const name = takenBy(alert);
  return (
    <li className={styles['alert']}>
      <SeverityGlyph severity={alert.severity} label={messages.alerts.severity[alert.severity]} />
      <div className={styles['alertWords']}>
        <Link href={`/alerts/${alert.id}`} className={styles['alertTitle']}>
          <AlertTitle alert={alert} />
        </Link>
        <p className={styles['muted']} title={formatExact(raisedMs)}>
          {name === null ? ago : messages.alerts.isOnIt(name)}
        </p>
      </div>
      {mayHandle &&
        (isUnanswered(alert) ? (
          <Button
            size="small"
            isPending={busyIds.includes(alert.id)}
            onPress={() => void acknowledge(alert)}
          >
            {messages.alerts.acknowledge}
          </Button>
        ) : (
          <Button size="small" onPress={() => askAssign(alert)}>
            {messages.alerts.assign}
          </Button>
        ))}
    </li>
  );
}
