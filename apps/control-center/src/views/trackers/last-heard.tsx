import { formatAgo, formatExact } from '../../format/relative-time.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useTracker } from '../../live/live-context.ts';
import { messages } from '../../messages/messages.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import styles from './trackers.module.css';

interface Props {
  readonly trackerId: number;
}

/** When a tracker was last heard, live; its shape says whether it moves. */
export function LastHeard({ trackerId }: Props) {
  const tracker = useTracker(trackerId);
  const nowMs = useNow();
  const fix = tracker?.fix ?? null;
  if (tracker === undefined || fix === null) {
    return <span className={styles['quiet']}>{messages.trackerPages.never}</span>;
  }
  return (
    <span className={styles['heard']} title={formatExact(fix.fixMs)}>
      <StateGlyph state={tracker.state} headingDeg={fix.headingDeg} />
      {formatAgo(fix.fixMs, nowMs)}
    </span>
  );
}
