import { TriangleAlert, Wifi } from 'lucide-react';
import { formatClock, formatSpan } from '../../format/relative-time.ts';
import { MEDIUM, useMedia } from '../../hooks/use-media.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useLive, useLiveValue } from '../../live/live-context.ts';
import { STALE_AFTER_MS } from '../../live/live-protocol.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import styles from './connection-status.module.css';

const text = messages.connection;

/** Until when the screen is right: null while live, else the time of the last word from the server. */
export function useAsOf(): number | null {
  return useLiveValue(({ connection }) =>
    connection.kind === 'reconnecting' ? connection.sinceMs : null,
  );
}

/** In the top bar: live and how many report, or what is going on instead. */
export function ConnectionStatus() {
  const connection = useLiveValue((snapshot) => snapshot.connection);
  const counts = useLiveValue((snapshot) => snapshot.counts);
  const medium = useMedia(MEDIUM);
  const nowMs = useNow();
  if (connection.kind === 'live') {
    const { alert, moving, idle, silent, reporting } = counts;
    return (
      <span className={styles['status']} data-kind="live" data-testid="connection">
        {medium ? text.live(reporting, alert + moving + idle + silent) : text.liveShort}
      </span>
    );
  }
  const stale =
    connection.kind === 'failed' ||
    (connection.kind === 'reconnecting' && nowMs - connection.sinceMs >= STALE_AFTER_MS);
  const word = connection.kind === 'connecting' ? text.connecting : text.reconnecting;
  return (
    <span
      className={styles['status']}
      data-kind={stale ? 'stale' : connection.kind}
      data-testid="connection"
    >
      {stale ? text.stale : word}
    </span>
  );
}

/** Over the map: how old everything is while there is no connection. Nothing when all is well. */
export function ConnectionBar() {
  const { client } = useLive();
  const connection = useLiveValue((snapshot) => snapshot.connection);
  const nowMs = useNow();
  if (connection.kind === 'failed') return <FailedBar onRetry={() => client.retryNow()} />;
  if (connection.kind !== 'reconnecting') return null;
  const ageMs = nowMs - connection.sinceMs;
  const stale = ageMs >= STALE_AFTER_MS;
  const Icon = stale ? TriangleAlert : Wifi;
  return (
    <div className={styles['bar']} data-stale={stale} role={stale ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden="true" />
      <p>
        <b>{stale ? text.staleBar(formatClock(connection.sinceMs)) : text.reconnectingBar}</b>{' '}
        {/* the age changes every second: it is for the eye, not to be read aloud each time */}
        <span aria-live="off">{stale ? text.staleText : text.age(formatSpan(ageMs))}</span>
      </p>
      <Button size="small" onClick={() => client.retryNow()}>
        {text.tryNow}
      </Button>
    </div>
  );
}

/** What would connect does not run: its script did not load, or it broke. */
function FailedBar({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <div className={styles['bar']} data-stale={true} role="alert">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        <b>{text.failedBar}</b> <span>{text.failedText}</span>
      </p>
      <Button size="small" onClick={onRetry}>
        {messages.trackers.tryAgain}
      </Button>
    </div>
  );
}
