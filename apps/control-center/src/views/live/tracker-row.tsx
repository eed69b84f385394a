import { memo } from 'react';
import { formatAgoShort, formatExact } from '../../format/relative-time.ts';
import { formatSpeed } from '../../format/units.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useTracker } from '../../live/live-context.ts';
import type { LiveTracker } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import type { Places } from '../../places/places.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import styles from './tracker-list.module.css';

interface Props {
  readonly trackerId: number;
  readonly index: number;
  readonly selected: boolean;
  readonly places: Places | null;
  readonly onSelect: (trackerId: number) => void;
}

/** The second line: the state in a word, then where that is. */
function describeTracker(tracker: LiveTracker, places: Places | null): string {
  if (tracker.fix === null) return messages.trackers.neverHeard;
  const word = messages.trackers.state[tracker.state];
  const place = places?.describe(tracker.fix.lat, tracker.fix.lon) ?? '';
  return place === '' ? word : `${word} · ${place}`;
}

/** One row of the list; renders again only when its own tracker changed, and once a second for its age. */
export const TrackerRow = memo(function TrackerRow(props: Props) {
  const { trackerId, index, selected, places, onSelect } = props;
  const tracker = useTracker(trackerId);
  const nowMs = useNow();
  if (tracker === undefined) return null;
  const { fix, state } = tracker;
  return (
    <button
      type="button"
      className={styles['row']}
      data-index={index}
      aria-current={selected}
      onClick={() => onSelect(trackerId)}
    >
      <StateGlyph state={state} headingDeg={fix?.headingDeg ?? null} />
      <span className={styles['text']}>
        <bdi className={styles['name']}>{tracker.name}</bdi>
        <span className={styles['place']}>{describeTracker(tracker, places)}</span>
      </span>
      <span className={styles['values']}>
        {state === 'moving' && fix?.speedKmh != null && <span>{formatSpeed(fix.speedKmh)}</span>}
        {fix !== null && (
          <time
            className={styles['age']}
            dateTime={new Date(fix.fixMs).toISOString()}
            title={formatExact(fix.fixMs)}
          >
            {formatAgoShort(fix.fixMs, nowMs)}
          </time>
        )}
      </span>
    </button>
  );
});
