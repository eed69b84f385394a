import { useLiveValue } from '../../live/live-context.ts';
import { MARK_SEVERITIES, type MarkSeverity } from '../../live/alert-mark.ts';
import type { LiveSnapshot } from '../../live/live-store.ts';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { SHOWN_STATES, toggleState, type TrackerFilter } from '../../live/tracker-filter.ts';
import { formatClockSeconds } from '../../format/relative-time.ts';
import { messages } from '../../messages/messages.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { useAsOf } from './connection-status.tsx';
import styles from './filter-chips.module.css';

interface Props {
  readonly filter: TrackerFilter;
  readonly onFilter: (filter: TrackerFilter) => void;
}

/** Shown in place of a number nobody knows yet. */
const NONE = '–';

function loudestOf({ alertMarks }: LiveSnapshot): MarkSeverity {
  const present = new Set([...alertMarks.values()].map(({ severity }) => severity));
  return MARK_SEVERITIES.find((severity) => present.has(severity)) ?? 'critical';
}

/** How many are in each state: legend of the marks and filter at once. */
export function FilterChips({ filter, onFilter }: Props) {
  const counts = useLiveValue((snapshot) => snapshot.counts);
  const loaded = useLiveValue((snapshot) => snapshot.loaded);
  const loudest = useLiveValue(loudestOf);
  const asOfMs = useAsOf();
  return (
    <div className={styles['chips']} role="group" aria-label={messages.trackers.chipsLabel}>
      {SHOWN_STATES.map((state) => (
        <button
          key={state}
          type="button"
          className={styles['chip']}
          aria-pressed={filter.states.has(state)}
          onClick={() => onFilter(toggleState(filter, state))}
        >
          {state === 'alert' ? <SeverityGlyph severity={loudest} /> : <StateGlyph state={state} />}
          <b>{loaded ? messages.counted(counts[state]) : NONE}</b> {messages.trackers.chips[state]}
        </button>
      ))}
      {asOfMs !== null && (
        <span className={styles['asOf']}>
          {messages.connection.asOf(formatClockSeconds(asOfMs))}
        </span>
      )}
    </div>
  );
}
