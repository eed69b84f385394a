/** Between the alerts and the live store: what the socket tells of alerts, and which trackers they stand on. */
import type { AlertReply } from '@followme/contracts';
import type { AlertStore } from '../alerts/alert-store.ts';
import { messages } from '../messages/messages.ts';
import { type AlertMark, MARK_SEVERITIES } from './alert-mark.ts';
import type { LiveStore } from './live-store.ts';

/** An alert in a word or two, as it stands beside a mark. */
function alertWord({ kind, alarm, transition }: AlertReply): string {
  const words = messages.live.alertWords;
  if (kind === 'silent') return words.silent;
  if (alarm !== null) return messages.rules.alarms[alarm];
  return transition === null ? words.place : words.transition[transition];
}

function marksOf(queue: readonly AlertReply[]): AlertMark[] {
  return queue.flatMap((alert) => {
    const severity = MARK_SEVERITIES.find((each) => each === alert.severity);
    if (severity === undefined) return [];
    return [{ trackerId: alert.trackerId, severity, word: alertWord(alert) }];
  });
}

/** Keeps both right until the answer is called. */
export function feedAlerts(store: LiveStore, alerts: AlertStore): () => void {
  let queue = alerts.snapshot().queue;
  store.setAlertMarks(marksOf(queue));
  const stopMarks = alerts.subscribe(() => {
    const next = alerts.snapshot().queue;
    if (next === queue) return;
    queue = next;
    store.setAlertMarks(marksOf(queue));
  });
  const stopHearing = store.subscribeAlerts(alerts.receiveAll);
  return () => {
    stopMarks();
    stopHearing();
  };
}
