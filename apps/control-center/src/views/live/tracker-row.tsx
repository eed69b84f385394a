import { memo } from 'react';
import { formatSpan } from '../../format/relative-time.ts';
import { formatPercent, formatSpeed } from '../../format/units.ts';
import { useNowText } from '../../hooks/use-now.ts';
import type { AlertMark } from '../../live/alert-mark.ts';
import { useLiveValue, useTracker } from '../../live/live-context.ts';
import { type LiveTracker, shownSpeedKmh } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import type { Places } from '../../places/places.ts';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
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

/** From here down a battery is worth a word. */
export const LOW_BATTERY_PCT = 15;

/** The alert that stands on a tracker, if any. */
export function useAlertMark(trackerId: number): AlertMark | undefined {
  return useLiveValue(({ alertMarks }) => alertMarks.get(trackerId));
}

/** Where a tracker is, in words; what it lacks instead when it has no place. */
function describePlace({ fix }: LiveTracker, places: Places | null): string {
  if (fix === null) return messages.trackers.neverHeard;
  if (!fix.valid) return messages.trackers.noFix;
  return places?.describe(fix.lat, fix.lon) ?? '';
}

/** How fast, or for how long it stands or is silent. */
function motionText(tracker: LiveTracker, nowMs: number): string {
  const { fix, state, stillSinceMs } = tracker;
  if (fix === null) return '';
  const speedKmh = shownSpeedKmh(tracker);
  if (state === 'moving') return speedKmh === null ? '' : formatSpeed(speedKmh);
  return formatSpan(nowMs - (state === 'silent' ? fix.fixMs : (stillSinceMs ?? fix.fixMs)));
}

/** One row of the list; renders again only when its own tracker or one of its texts changed. */
export const TrackerRow = memo(function TrackerRow(props: Props) {
  const { trackerId, selected = false, isTabStop = true, isMarked = false } = props;
  const { places, onSelect, onFocus } = props;
  const tracker = useTracker(trackerId);
  const alert = useAlertMark(trackerId);
  const asOfMs = useAsOf();
  const motion = useNowText((nowMs) => (tracker === undefined ? '' : motionText(tracker, nowMs)));
  if (tracker === undefined) return null;
  const { fix, state } = tracker;
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
      {alert === undefined ? (
        <StateGlyph state={state} headingDeg={fix?.headingDeg ?? null} />
      ) : (
        <SeverityGlyph severity={alert.severity} size={20} />
      )}
      <span className={styles['text']}>
        <bdi className={styles['name']} title={tracker.name}>
          {tracker.name}
        </bdi>
        <span className={styles['place']}>
          <span className={styles['state']}>
            {alert === undefined ? stateWord(tracker, asOfMs) : alert.word}
            {'. '}
          </span>
          {describePlace(tracker, places)}
        </span>
      </span>
      <span className={styles['values']}>
        <Motion alert={alert} motion={motion} />
        <Battery percent={fix?.batteryPct ?? null} />
      </span>
    </button>
  );
});

/** What a critical alert is stands where others tell their speed. */
function Motion({
  alert,
  motion,
}: {
  readonly alert: AlertMark | undefined;
  readonly motion: string;
}) {
  if (alert?.severity === 'critical') {
    return (
      <span className={styles['critical']} aria-hidden="true">
        {alert.word}
      </span>
    );
  }
  return <span>{motion}</span>;
}

function Battery({ percent }: { readonly percent: number | null }) {
  if (percent === null) return null;
  return (
    <span className={percent <= LOW_BATTERY_PCT ? styles['low'] : styles['battery']}>
      <span className={styles['state']}>{messages.detail.battery} </span>
      {formatPercent(percent)}
    </span>
  );
}
