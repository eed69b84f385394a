import { createContext, useContext, useSyncExternalStore } from 'react';
import type { MapSlot } from '../map/map-slot.ts';
import type { LiveSnapshot, LiveStore } from './live-store.ts';
import type { LiveTracker } from './live-tracker.ts';

/** The connection of a session. */
export interface LiveClient {
  /** Gives up waiting and tries at once. Does nothing while connected. */
  retryNow(): void;
  /** Ends it for good. */
  stop(): void;
}

/** What the live view hands down to its parts. */
export interface Live {
  readonly store: LiveStore;
  readonly client: LiveClient;
  readonly mapSlot: MapSlot;
}

export const LiveContext = createContext<Live | null>(null);

/** @throws Error outside of the live view. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLive is called outside of LiveContext');
  return live;
}

/** One value picked from the store; renders the caller only when that value is another one. */
export function useLiveValue<T>(pick: (snapshot: LiveSnapshot) => T): T {
  const { store } = useLive();
  return useSyncExternalStore(store.subscribe, () => pick(store.snapshot()));
}

/** One tracker; renders the caller only when this tracker changed. */
export function useTracker(trackerId: number | null): LiveTracker | undefined {
  return useLiveValue(({ trackers }) => (trackerId === null ? undefined : trackers.get(trackerId)));
}
