import { useEffect, useState } from 'react';
import { type AlertToast, toastsFor } from '../alerts/alert-signals.ts';
import { alertTitle } from '../alerts/alert-words.tsx';
import { useAlertStore } from '../alerts/alerts-context.ts';
import { updateUrl } from '../browser/url-state.ts';
import { messages } from '../messages/messages.ts';
import type { ToastNews } from '../ui/toast-queue.ts';
import { showToast } from '../ui/toasts.tsx';
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
  return { kind, title, text: words, action: { label, onPress: show }, isAloud: false };
}

/** Words to be read aloud; the number makes the same words another time. */
interface Saying {
  readonly words: string;
  readonly turn: number;
}

const SILENCE: Saying = { words: '', turn: 0 };

/** What to say about these; what was said before, where there is nothing. */
function nextSaying(before: Saying, toasts: readonly AlertToast[]): Saying {
  if (toasts.length === 0) return before;
  const words = toasts.map(({ title, text: more = '' }) => `${title}. ${more}`).join(' ');
  return { words, turn: before.turn + 1 };
}

/** New and repeated alerts as toasts, and read aloud: critical at once, the others when there is a pause. */
export function AlertNewsTeller() {
  const store = useAlertStore();
  const [urgent, setUrgent] = useState(SILENCE);
  const [calm, setCalm] = useState(SILENCE);
  useEffect(
    () =>
      store.subscribeNews((news) => {
        const toasts = toastsFor(news, { text, titleOf: alertTitle });
        for (const toast of toasts) showToast(toNews(toast));
        const critical = toasts.filter(({ severity }) => severity === 'critical');
        const others = toasts.filter(({ severity }) => severity !== 'critical');
        setUrgent((before) => nextSaying(before, critical));
        setCalm((before) => nextSaying(before, others));
      }),
    [store],
  );
  return (
    <>
      <div className={styles['aloud']} role="alert" aria-live="assertive">
        <span key={urgent.turn}>{urgent.words}</span>
      </div>
      <div className={styles['aloud']} role="status" aria-live="polite">
        <span key={calm.turn}>{calm.words}</span>
      </div>
    </>
  );
}
