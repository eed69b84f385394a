import { useSyncExternalStore } from 'react';
import { browserClock } from '../browser/clock.ts';

const TICK_MS = 1000;

/** One timer for everything on the page that shows an age; it runs only while somebody looks. */
const listeners = new Set<() => void>();
let nowMs = browserClock.nowMs();
let cancel: (() => void) | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // nobody kept it while nobody looked; whoever subscribes is asked once more what it shows
  if (cancel === null) nowMs = browserClock.nowMs();
  cancel ??= browserClock.every(TICK_MS, () => {
    nowMs = browserClock.nowMs();
    for (const each of listeners) each();
  });
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    cancel?.();
    cancel = null;
  };
}

/** The time, to the second; renders the caller again every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

/** A text that follows from the time; renders the caller only when the text is another one. */
export function useNowText(format: (nowMs: number) => string): string {
  return useSyncExternalStore(subscribe, () => format(nowMs));
}
