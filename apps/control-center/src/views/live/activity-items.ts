/** What the activity shows: crossings of places and alerts, as one list in the order of time. */
import type { AlertReply } from '@followme/contracts';
import type { Crossing } from '../../live/socket-frames.ts';

/** Which of them are shown. */
export type ActivityKind = 'all' | 'places' | 'alerts';

export const ACTIVITY_KINDS: readonly ActivityKind[] = ['all', 'places', 'alerts'];

export type ActivityItem =
  | { readonly kind: 'crossing'; readonly timeMs: number; readonly crossing: Crossing }
  | { readonly kind: 'alert'; readonly timeMs: number; readonly alert: AlertReply };

/** Newest first, at most `limit`. */
export function activityItems(
  crossings: readonly Crossing[],
  alerts: Iterable<AlertReply>,
  { shown, limit }: { readonly shown: ActivityKind; readonly limit: number },
): readonly ActivityItem[] {
  const items: ActivityItem[] = [];
  if (shown !== 'alerts') {
    for (const crossing of crossings) {
      items.push({ kind: 'crossing', timeMs: crossing.fixMs, crossing });
    }
  }
  if (shown !== 'places') {
    for (const alert of alerts) {
      items.push({ kind: 'alert', timeMs: Date.parse(alert.raisedTime), alert });
    }
  }
  return items.sort((a, b) => b.timeMs - a.timeMs).slice(0, limit);
}
