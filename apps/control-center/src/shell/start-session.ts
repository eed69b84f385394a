import { type AlertStore, createAlertStore } from '../alerts/alert-store.ts';
import { watchAlerts } from '../alerts/watch-alerts.ts';
import { fetchClosedAlerts, fetchUnclosedAlerts } from '../api/alerts.ts';
import { browserClock } from '../browser/clock.ts';
import { watchWaking } from '../browser/waking.ts';
import { feedAlerts } from '../live/feed-alerts.ts';
import { watchLists } from '../live/list-refresh.ts';
import type { Live } from '../live/live-context.ts';
import { startLive } from '../live/start-live.ts';
import { createMapSlot } from '../map/map-slot.ts';
import { messages } from '../messages/messages.ts';

interface SessionDeps {
  /** The server says that the session has ended. */
  readonly onLoggedOut: () => void;
  /** A list of the server has changed. */
  readonly refreshList: (list: string) => void;
}

/** What lasts as long as somebody is logged in. */
export interface RunningSession {
  readonly live: Live;
  readonly alerts: AlertStore;
  /** Asks for the alerts at once. */
  refreshAlerts(): void;
  stop(): void;
}

/** Connects, and keeps positions, alerts and lists as the server tells them, until stopped. */
export function startSession({ onLoggedOut, refreshList }: SessionDeps): RunningSession {
  const clock = browserClock;
  const { store, client } = startLive({ locale: messages.locale, onLoggedOut });
  const alerts = createAlertStore();
  const watch = watchAlerts({
    clock,
    alerts,
    connections: () => store.snapshot().connections,
    subscribe: store.subscribe,
    fetchUnclosed: fetchUnclosedAlerts,
    fetchClosed: (signal) => fetchClosedAlerts(null, signal),
  });
  const stops = [
    watchLists({ clock, store, refresh: refreshList }),
    watchWaking(() => client.retryNow()),
    feedAlerts(store, alerts),
    store.subscribeRemoved(watch.trackerRemoved),
  ];
  return {
    live: { store, client, mapSlot: createMapSlot() },
    alerts,
    refreshAlerts: watch.refresh,
    stop() {
      for (const stop of stops) stop();
      watch.stop();
      client.stop();
    },
  };
}
