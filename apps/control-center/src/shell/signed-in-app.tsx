import type { SessionReply } from '@followme/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { type AlertStore, createAlertStore } from '../alerts/alert-store.ts';
import { AlertsContext } from '../alerts/alerts-context.ts';
import { watchAlerts } from '../alerts/watch-alerts.ts';
import { fetchClosedAlerts, fetchUnclosedAlerts } from '../api/alerts.ts';
import { fetchTrackers } from '../api/client.ts';
import { browserClock } from '../browser/clock.ts';
import { watchWaking } from '../browser/waking.ts';
import { type Live, LiveContext } from '../live/live-context.ts';
import { watchLists } from '../live/list-refresh.ts';
import { feedAlerts } from '../live/feed-alerts.ts';
import { startLive } from '../live/start-live.ts';
import { messages } from '../messages/messages.ts';
import { createMapSlot } from '../map/map-slot.ts';
import { SessionContext } from '../session/session-context.ts';
import { LiveView } from '../views/live/live-view.tsx';
import { Frame } from './frame.tsx';

interface Props {
  readonly session: SessionReply;
  readonly onLogOut: () => void;
  /** The server says that the session has ended. */
  readonly onExpired: () => void;
}

/** Owns what lasts as long as a session: the store and the socket that every section sees by. */
export function SignedInApp({ session, onLogOut, onExpired }: Props) {
  const [live, setLive] = useState<Live | null>(null);
  const [alerts, setAlerts] = useState<AlertStore | null>(null);
  const queryClient = useQueryClient();
  const onLoggedOut = useEffectEvent(onExpired);
  const known = useQuery({
    queryKey: ['trackers'],
    queryFn: ({ signal }) => fetchTrackers(signal),
  });

  useEffect(() => {
    const clock = browserClock;
    const { store, client } = startLive({
      locale: messages.locale,
      onLoggedOut: () => onLoggedOut(),
    });
    const alerts = createAlertStore();
    const watch = watchAlerts({
      clock,
      alerts,
      connections: () => store.snapshot().connections,
      subscribe: store.subscribe,
      fetchUnclosed: fetchUnclosedAlerts,
      fetchClosed: (signal) => fetchClosedAlerts(null, signal),
    });
    const stopLists = watchLists({
      clock,
      store,
      refresh: (list) => void queryClient.invalidateQueries({ queryKey: [list] }),
    });
    const stopAlerts = feedAlerts(store, alerts);
    const stopRemoved = store.subscribeRemoved(watch.trackerRemoved);
    const stopWaking = watchWaking(() => client.retryNow());
    setAlerts(alerts);
    setLive({ store, client, mapSlot: createMapSlot() });
    return () => {
      stopLists();
      stopWaking();
      stopAlerts();
      stopRemoved();
      watch.stop();
      client.stop();
    };
  }, [queryClient]);

  // a list that says the same as before is news too: of what the socket told meanwhile
  const { data, dataUpdatedAt } = known;
  useEffect(() => {
    if (data === undefined) return;
    live?.store.setKnown(data.map(({ id, name, groupIds }) => ({ trackerId: id, name, groupIds })));
  }, [live, data, dataUpdatedAt]);

  if (live === null || alerts === null) return null;
  const stage = <LiveView listFailed={known.isError} onRetryList={() => void known.refetch()} />;
  return (
    <SessionContext value={session}>
      <LiveContext value={live}>
        <AlertsContext value={alerts}>
          <Frame onLogOut={onLogOut} stage={stage} />
        </AlertsContext>
      </LiveContext>
    </SessionContext>
  );
}
