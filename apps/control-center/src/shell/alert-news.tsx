import { useEffect, useState } from 'react';
import { type AlertToast, toastsFor } from '../alerts/alert-signals.ts';
import { alertTitle } from '../alerts/alert-words.tsx';
import { useAlertStore } from '../alerts/alerts-context.ts';
import { updateUrl } from '../browser/url-state.ts';
import { messages } from '../messages/messages.ts';
import { showToast, type ToastNews } from '../ui/toasts.tsx';
import { navigate } from './route.ts';
import styles from './frame.module.css';

const text = messages.alerts;

function toNews({ severity, title, text: words, alert }: AlertToast): ToastNews {
  const show = (): void => {
    if (alert === null) navigate('/alerts');
    else updateUrl({ trackerId: alert.trackerId, view: 'map' });
  };
  const label = alert === null ? text.showAll : text.showShort;
  const kind = severity === 'critical' ? 'critical' : severity === 'high' ? 'warning' : 'info';
  return { kind, title, text: words, action: { label, onPress: show } };
}

/** New and repeated alerts as toasts, and read aloud: critical at once, the others when there is a pause. */
export function AlertNewsTeller() {
  const store = useAlertStore();
  const [urgent, setUrgent] = useState('');
  const [calm, setCalm] = useState('');
  useEffect(
    () =>
      store.subscribeNews((news) => {
        const toasts = toastsFor(news, { text, titleOf: alertTitle });
        for (const toast of toasts) showToast(toNews(toast));
        const aloud = (isCritical: boolean): string =>
          toasts
            .filter(({ severity }) => (severity === 'critical') === isCritical)
            .map(({ title, text: words = '' }) => `${title}. ${words}`)
            .join(' ');
        if (aloud(true) !== '') setUrgent(aloud(true));
        if (aloud(false) !== '') setCalm(aloud(false));
      }),
    [store],
  );
  return (
    <>
      <div className={styles['aloud']} role="alert" aria-live="assertive">
        {urgent}
      </div>
      <div className={styles['aloud']} role="status" aria-live="polite">
        {calm}
      </div>
    </>
  );
}
