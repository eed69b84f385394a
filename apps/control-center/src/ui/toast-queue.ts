/** The news that waits or is in sight, without its looks. */
import type { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components';

/** One piece of news. */
export interface ToastNews {
  readonly kind: 'ok' | 'info' | 'warning' | 'critical';
  /** What happened, in a few words. */
  readonly title: string;
  readonly text?: string | undefined;
  /** Undo, Show, Try again. Pressing it also takes the toast away. */
  readonly action?: { readonly label: string; readonly onPress: () => void } | undefined;
  /** How long it stays, ms; from 5,000 up. 0: until closed. Pointer or focus on the toasts holds the time. */
  readonly stayMs?: number;
  /** False when something else reads it aloud, so that it is not heard twice. */
  readonly isAloud?: boolean;
  /** What it is about, as a name: newer news about the same takes its place. */
  readonly about?: string;
}

/** Time to read a line and decide; with something to press, twice that. */
const STAY_MS = 6000;
const STAY_WITH_ACTION_MS = 12_000;
/** How long Undo stands there after something was deleted, ms. */
export const UNDO_STAY_MS = 30_000;

/** Adds news to a queue; of news about the same thing it keeps the newest. */
export function createNewsDesk(queue: Pick<ToastQueue<ToastNews>, 'add' | 'close' | 'clear'>) {
  const keyOf = new Map<string, string>();
  return {
    /** Answers how to take it away before its time. */
    show(news: ToastNews): () => void {
      const { about, stayMs = news.action === undefined ? STAY_MS : STAY_WITH_ACTION_MS } = news;
      const older = about === undefined ? undefined : keyOf.get(about);
      if (older !== undefined) queue.close(older);
      const key = queue.add(news, {
        ...(stayMs === 0 ? {} : { timeout: stayMs }),
        onClose: () => {
          if (about !== undefined && keyOf.get(about) === key) keyOf.delete(about);
        },
      });
      if (about !== undefined) keyOf.set(about, key);
      return () => queue.close(key);
    },
    clear(): void {
      keyOf.clear();
      queue.clear();
    },
  };
}
