/**
 * Asks for the alerts that are not closed at every connection, since nothing is told of what happens without
 * one, and again when a tracker went out of sight, since its alerts went with it. Tries until it has them.
 */
import type { AlertPage, AlertReply } from '@followme/contracts';
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import { reconnectDelayMs } from '../live/backoff.ts';
import type { AlertStore } from './alert-store.ts';

interface WatchAlertsDeps {
  readonly clock: BrowserClock;
  /** How often a connection came to life, and who tells when that changes. */
  readonly connections: () => number;
  readonly subscribe: (listener: () => void) => () => void;
  readonly alerts: AlertStore;
  readonly fetchUnclosed: (
    signal: AbortSignal,
  ) => Promise<{ readonly items: readonly AlertReply[]; readonly cut: boolean }>;
  readonly fetchClosed: (signal: AbortSignal) => Promise<AlertPage>;
}

/** Trackers that go together are one question. */
const COLLECT_MS = 500;

/** What may be asked of a watch. */
export interface AlertWatch {
  /** Asks at once, for whoever pressed "Try again". */
  refresh(): void;
  /** A tracker went out of sight: asks again soon when it had alerts. */
  trackerRemoved(trackerId: number): void;
  stop(): void;
}

/** Tells the store who closed the last alert. Only a line of text depends on it: a failure says nothing. */
async function learnLastClosed({ alerts, fetchClosed }: WatchAlertsDeps, signal: AbortSignal) {
  const page = await fetchClosed(signal).catch(() => null);
  for (const { closed } of page?.items ?? []) {
    if (closed !== null) alerts.setLastClosed({ time: closed.time, by: closed.by?.name ?? null });
  }
}

/** Watches until stopped. */
export function watchAlerts(deps: WatchAlertsDeps): AlertWatch {
  const { clock, alerts } = deps;
  let connections = deps.connections();
  let failures = 0;
  let asking: AbortController | null = null;
  let cancelWait: CancelTimer = () => undefined;

  async function ask(): Promise<void> {
    cancelWait();
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    alerts.beginList();
    try {
      const { items, cut } = await deps.fetchUnclosed(mine.signal);
      if (mine.signal.aborted) return;
      failures = 0;
      alerts.setListed(items, cut);
      if (alerts.snapshot().lastClosed === null) await learnLastClosed(deps, mine.signal);
    } catch {
      if (mine.signal.aborted) return;
      failures += 1;
      alerts.listFailed();
      cancelWait = clock.after(reconnectDelayMs(failures, clock.random()), () => void ask());
    }
  }

  const unsubscribe = deps.subscribe(() => {
    const next = deps.connections();
    if (next === connections) return;
    connections = next;
    void ask();
  });
  if (connections > 0) void ask();
  return {
    refresh: () => void ask(),
    trackerRemoved(trackerId) {
      if (!alerts.snapshot().worstByTracker.has(trackerId)) return;
      cancelWait();
      cancelWait = clock.after(COLLECT_MS, () => void ask());
    },
    stop() {
      unsubscribe();
      cancelWait();
      asking?.abort();
    },
  };
}
