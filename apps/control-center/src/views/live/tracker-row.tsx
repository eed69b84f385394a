import { memo } from 'react';
import { formatAgoShort, formatExact } from '../../format/relative-time.ts';
import { formatSpeed } from '../../format/units.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useTracker } from '../../live/live-context.ts';
import { type LiveTracker, shownSpeedKmh } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import type { Places } from '../../places/places.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { useAsOf } from './connection-status.tsx';
import { stateWord } from './state-words.ts';
import { rowId } from './use-roving.ts';
import styles from './tracker-list.module.css';

interface Props {
  readonly trackerId: number;
  readonly selected?: boolean;
  /** In a list of which only one row can be reached with Tab: whether it is this one. */
  readonly isTabStop?: boolean;
  /** The keys stand on this row. */
  readonly isMarked?: boolean;
  readonly places: Places | null;
  readonly onSelect: (trackerId: number) => void;
  readonly onFocus?: (trackerId: number) => void;
}

/** The second line: the state in a word, then where that is. */
function describeTracker(tracker: LiveTracker, places: Places | null, asOfMs: number | null) {
  if (tracker.fix === null) return messages.trackers.neverHeard;
  const word = stateWord(tracker, asOfMs);
  const place = places?.describe(tracker.fix.lat, tracker.fix.lon) ?? '';
  return place === '' ? word : `${word} · ${place}`;
}

/** One row of the list; renders again only when its own tracker changed, and once a second for its age. */
export const TrackerRow = memo(function TrackerRow(props: Props) {
  const { trackerId, selected = false, isTabStop = true, isMarked = false } = props;
  const { places, onSelect, onFocus } = props;
  const tracker = useTracker(trackerId);
  const asOfMs = useAsOf();
  const nowMs = useNow();
  if (tracker === undefined) return null;
  const { fix, state } = tracker;
  const speedKmh = state === 'moving' ? shownSpeedKmh(tracker) : null;
  return (
    <button
      type="button"
      id={onFocus === undefined ? undefined : rowId(trackerId)}
      className={styles['row']}
      tabIndex={isTabStop ? 0 : -1}
      data-marked={isMarked}
      aria-current={selected}
      onClick={() => onSelect(trackerId)}
      onFocus={() => onFocus?.(trackerId)}
    >
      <StateGlyph state={state} headingDeg={fix?.headingDeg ?? null} />
      <span className={styles['text']}>
        <bdi className={styles['name']}>{tracker.name}</bdi>
        <span className={styles['place']}>{describeTracker(tracker, places, asOfMs)}</span>
      </span>
      <span className={styles['values']}>
        {speedKmh !== null && <span>{formatSpeed(speedKmh)}</span>}
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
