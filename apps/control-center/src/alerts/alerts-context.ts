import { createContext, useContext, useSyncExternalStore } from 'react';
import type { AlertSnapshot, AlertStore } from './alert-store.ts';

/** The alerts of the session, for everything below the log-in page. */
export const AlertsContext = createContext<AlertStore | null>(null);

/** @throws Error outside of a session. */
export function useAlertStore(): AlertStore {
  const store = useContext(AlertsContext);
  if (store === null) throw new Error('useAlertStore is called outside of AlertsContext');
  return store;
}

/** Asks for the alerts at once, for whoever presses "Try again". */
export const RefreshAlertsContext = createContext<() => void>(() => undefined);

/** See `RefreshAlertsContext`. */
export function useRefreshAlerts(): () => void {
  return useContext(RefreshAlertsContext);
}

/** Whether the first alert of the queue is critical: somebody calls for help. */
export function useIsCritical(): boolean {
  return useAlertValue(({ queue }) => queue[0]?.severity === 'critical');
}

/** One value picked from the alerts; renders the caller only when that value is another one. */
export function useAlertValue<T>(pick: (snapshot: AlertSnapshot) => T): T {
  const store = useAlertStore();
  return useSyncExternalStore(store.subscribe, () => pick(store.snapshot()));
}
