/**
 * Asks for the lists again when what they said before is old: fences when the server says that they
 * changed, and after a connection was lost all lists and what is known of the open tracker's day, since nothing
 * is told of what happens meanwhile.
 */
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import type { LiveStore } from './live-store.ts';

/** A list the server gives over HTTP; the last two are of the tracker that is open, if one is. */
export type ListName = 'fences' | 'trackers' | 'positions' | 'crossings';

const AFTER_A_GAP: readonly ListName[] = ['trackers', 'positions', 'crossings'];

/** Changes that come within this time are asked for together. */
const COLLECT_MS = 300;
/** As much again by chance, so that a thousand screens do not ask in the same instant. */
const SCATTER_MS = 700;

interface ListRefreshDeps {
  readonly clock: BrowserClock;
  readonly store: LiveStore;
  /** Asks for one list again. */
  readonly refresh: (list: ListName) => void;
}

/** Watches the store until the answer is called. */
export function watchLists({ clock, store, refresh }: ListRefreshDeps): () => void {
  let seen = store.snapshot();
  const old = new Set<ListName>();
  let cancelWait: CancelTimer | null = null;

  function ask(): void {
    cancelWait = null;
    const lists = [...old];
    old.clear();
    for (const list of lists) refresh(list);
  }
  const unsubscribe = store.subscribe(() => {
    const next = store.snapshot();
    const isConnected = next.connections !== seen.connections;
    // also the first time: fences may have changed between the first list and the connection
    if (isConnected || next.fencesVersion !== seen.fencesVersion) old.add('fences');
    if (isConnected && next.connections > 1) for (const list of AFTER_A_GAP) old.add(list);
    seen = next;
    if (old.size === 0) return;
    cancelWait ??= clock.after(COLLECT_MS + SCATTER_MS * clock.random(), ask);
  });
  return () => {
    unsubscribe();
    cancelWait?.();
  };
}
