/** From alerts to ears and toasts: what rings, and what is worth a word at the edge of the screen. */
import type { AlertReply } from '@followme/contracts';
import type { Messages } from '../messages/en.ts';
import { isUnanswered } from './alert-order.ts';
import type { AlertNews, AlertStore } from './alert-store.ts';
import type { SoundDesk } from './sound-desk.ts';

/** A toast for news; `alert` is what its action shows, null for the queue. */
export interface AlertToast {
  readonly severity: AlertReply['severity'];
  readonly title: string;
  readonly text: string | undefined;
  readonly alert: AlertReply | null;
}

/** More news at once than this is one toast with a number. */
export const MOST_TOASTS = 3;

interface ToastWords {
  readonly text: Messages['alerts'];
  readonly titleOf: (alert: AlertReply) => string;
}

/** The toasts for news that came together. What somebody opened again stands in the queue, that is enough. */
export function toastsFor(news: readonly AlertNews[], { text, titleOf }: ToastWords): AlertToast[] {
  const told = news.filter(
    ({ kind, alert }) => kind === 'repeated' || (kind === 'raised' && isUnanswered(alert)),
  );
  if (told.length > MOST_TOASTS) {
    const loudest = told.some(({ alert }) => alert.severity === 'critical') ? 'critical' : 'high';
    const title = text.several(told.length);
    return [{ severity: loudest, title, text: text.severalText, alert: null }];
  }
  return told.map(({ kind, alert }) => ({
    severity: alert.severity,
    title: titleOf(alert),
    text: kind === 'repeated' ? text.repeated(alert.occurrences) : text.raised,
    alert,
  }));
}

/** Rings for alerts until the answer is called. */
export function ringForAlerts(alerts: AlertStore, desk: SoundDesk): () => void {
  const follow = (): void => {
    const { queue } = alerts.snapshot();
    const critical = queue.filter((alert) => alert.severity === 'critical' && isUnanswered(alert));
    desk.setUnanswered(critical.map(({ id }) => id));
  };
  const stopFollowing = alerts.subscribe(follow);
  const stopNews = alerts.subscribeNews((news) => {
    const isHigh = news.some(
      ({ kind, alert }) => kind !== 'repeated' && alert.severity === 'high' && isUnanswered(alert),
    );
    if (isHigh) desk.ringSoftly();
  });
  follow();
  return () => {
    stopFollowing();
    stopNews();
  };
}
