import { MousePointerClick } from 'lucide-react';
import { messages } from '../../messages/messages.ts';
import { useQueryParam, useRoute } from '../../shell/route.ts';
import { StateMessage } from '../../ui/state-message.tsx';
import { AlertDetailView } from './alert-detail.tsx';
import { ClosedAlerts, OpenAlerts } from './alert-lists.tsx';
import styles from './alerts-page.module.css';

const text = messages.alerts.page;

/** All alerts, open or closed, beside the one that is chosen. On a phone one of the two. */
export function AlertsPage() {
  const { id } = useRoute();
  const isClosed = useQueryParam('state') === 'closed';
  return (
    <div className={styles['page']} data-has-detail={id !== null}>
      <section className={styles['list']} aria-label={text.list}>
        <h1 className={styles['title']}>{messages.alerts.title}</h1>
        {isClosed ? <ClosedAlerts chosenId={id} /> : <OpenAlerts chosenId={id} />}
      </section>
      <section className={styles['detail']} aria-label={text.detail}>
        {id === null ? (
          <StateMessage icon={MousePointerClick} title={text.chooseTitle} text={text.chooseText} />
        ) : (
          <AlertDetailView key={id} alertId={id} />
        )}
      </section>
    </div>
  );
}
