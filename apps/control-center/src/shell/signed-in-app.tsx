import type { SessionReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { AlertsContext, RefreshAlertsContext } from '../alerts/alerts-context.ts';
import { useTrackers } from '../hooks/use-lists.ts';
import { LiveContext } from '../live/live-context.ts';
import { SessionContext } from '../session/session-context.ts';
import { LiveView } from '../views/live/live-view.tsx';
import { Frame } from './frame.tsx';
import { type RunningSession, startSession } from './start-session.ts';

interface Props {
  readonly session: SessionReply;
  readonly onLogOut: () => void;
  /** The server says that the session has ended. */
  readonly onExpired: () => void;
}

/** Owns what lasts as long as a session: the stores and the socket that every section sees by. */
export function SignedInApp({ session, onLogOut, onExpired }: Props) {
  const [running, setRunning] = useState<RunningSession | null>(null);
  const queryClient = useQueryClient();
  const onLoggedOut = useEffectEvent(onExpired);
  const known = useTrackers();

  useEffect(() => {
    const started = startSession({
      onLoggedOut: () => onLoggedOut(),
      refreshList: (list) => void queryClient.invalidateQueries({ queryKey: [list] }),
    });
    setRunning(started);
    return () => started.stop();
  }, [queryClient]);

  // a list that says the same as before is news too: of what the socket told meanwhile
  const { data, dataUpdatedAt } = known;
  const store = running?.live.store;
  useEffect(() => {
    if (data === undefined) return;
    store?.setKnown(data.map(({ id, name, groupIds }) => ({ trackerId: id, name, groupIds })));
  }, [store, data, dataUpdatedAt]);

  if (running === null) return null;
  const stage = <LiveView listFailed={known.isError} onRetryList={() => void known.refetch()} />;
  return (
    <SessionContext value={session}>
      <LiveContext value={running.live}>
        <AlertsContext value={running.alerts}>
          <RefreshAlertsContext value={running.refreshAlerts}>
            <Frame onLogOut={onLogOut} stage={stage} />
          </RefreshAlertsContext>
        </AlertsContext>
      </LiveContext>
    </SessionContext>
  );
}
