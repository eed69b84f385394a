import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo, type RefObject } from 'react';
import { formatAgo, formatExact } from '../../format/relative-time.ts';
import {
  formatCoordinates,
  formatHeading,
  formatPercent,
  formatSpeed,
} from '../../format/units.ts';
import { useNowText } from '../../hooks/use-now.ts';
import { usePlaces } from '../../hooks/use-places.ts';
import { useTracker } from '../../live/live-context.ts';
import type { RowSort, SortColumn } from '../../live/row-order.ts';
import { shownSpeedKmh } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import type { Places } from '../../places/places.ts';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { useAsOf } from './connection-status.tsx';
import { ROWS_ID } from './filter-field.tsx';
import { stateWord } from './state-words.ts';
import { useAlertMark } from './tracker-row.tsx';
import { type Roving, rowId, useRovingRows } from './use-roving.ts';
import styles from './tracker-table.module.css';

const ROW_PX = 40;
const text = messages.table;
const NONE = '–';

/** The columns in their order; those with a `sort` can be ordered by. */
const COLUMNS: readonly { readonly label: string; readonly sort: SortColumn | null }[] = [
  { label: text.name, sort: 'name' },
  { label: text.state, sort: 'state' },
  { label: text.speed, sort: 'speed' },
  { label: text.heading, sort: 'heading' },
  { label: text.heard, sort: 'heard' },
  { label: text.near, sort: null },
  { label: text.battery, sort: 'battery' },
  { label: text.satellites, sort: null },
  { label: text.coordinates, sort: null },
];

/** The order after a click on the head of a column: first as it reads best, then the other way round. */
function nextSort(sort: RowSort, column: SortColumn): RowSort {
  if (sort.column === column) return { column, isDescending: !sort.isDescending };
  return { column, isDescending: column === 'speed' };
}

interface Props {
  readonly ids: Int32Array;
  readonly selectedId: number | null;
  readonly onSelect: (trackerId: number) => void;
  readonly roving: Roving;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly sort: RowSort;
  readonly onSort: (sort: RowSort) => void;
}

/** The equal of the map: the same trackers under the same filter, in words and numbers. */
export function TrackerTable(props: Props) {
  const { ids, selectedId, onSelect, roving, searchRef } = props;
  const places = usePlaces();
  const { scrollRef, rows, onKeyDown } = useRovingRows({ ids, roving, rowPx: ROW_PX, searchRef });
  return (
    <div ref={scrollRef} className={styles['scroll']}>
      <div
        role="table"
        aria-label={text.label}
        aria-rowcount={ids.length + 1}
        aria-colcount={COLUMNS.length}
        className={styles['table']}
      >
        <Head {...props} />
        <div
          role="rowgroup"
          id={ROWS_ID}
          className={styles['body']}
          style={{ blockSize: rows.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {rows.getVirtualItems().map((item) => {
            const trackerId = ids[item.index];
            if (trackerId === undefined) return null;
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                aria-current={trackerId === selectedId}
                className={styles['row']}
                data-marked={roving.isMarked && item.index === roving.index}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={() => onSelect(trackerId)}
              >
                <Cells
                  trackerId={trackerId}
                  isTabStop={item.index === roving.index}
                  places={places}
                  onSelect={onSelect}
                  onFocus={roving.moveTo}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The heads of the columns, buttons where rows can be ordered by them. */
function Head({ sort, onSort }: Props) {
  const Arrow = sort.isDescending ? ArrowDown : ArrowUp;
  return (
    <div role="row" aria-rowindex={1} className={styles['head']}>
      {COLUMNS.map(({ label, sort: column }) => {
        if (column === null) {
          return (
            <span key={label} role="columnheader">
              {label}
            </span>
          );
        }
        const isSorted = sort.column === column;
        const order = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none';
        return (
          <span key={label} role="columnheader" aria-sort={order}>
            <button
              type="button"
              className={styles['sort']}
              onClick={() => onSort(nextSort(sort, column))}
            >
              {label}
              {isSorted && <Arrow size={14} aria-hidden="true" />}
            </button>
          </span>
        );
      })}
    </div>
  );
}

interface CellsProps {
  readonly trackerId: number;
  readonly isTabStop: boolean;
  readonly places: Places | null;
  readonly onSelect: (trackerId: number) => void;
  readonly onFocus: (trackerId: number) => void;
}

const Cells = memo(function Cells(props: CellsProps) {
  const { trackerId, isTabStop, places, onSelect, onFocus } = props;
  const asOfMs = useAsOf();
  const tracker = useTracker(trackerId);
  const alert = useAlertMark(trackerId);
  const fixMs = tracker?.fix?.fixMs ?? null;
  const heard = useNowText((nowMs) => (fixMs === null ? '' : formatAgo(fixMs, nowMs)));
  if (tracker === undefined) return null;
  const { fix, state } = tracker;
  const speedKmh = shownSpeedKmh(tracker);
  const cells = [
    speedKmh === null ? NONE : formatSpeed(speedKmh),
    fix?.headingDeg == null ? NONE : formatHeading(fix.headingDeg),
    fix === null ? messages.trackers.never : heard,
    fix === null ? NONE : (places?.describe(fix.lat, fix.lon) ?? NONE),
    fix?.batteryPct == null ? NONE : formatPercent(fix.batteryPct),
    fix?.satellitesInUse == null ? NONE : messages.counted(fix.satellitesInUse),
    fix === null ? NONE : formatCoordinates(fix.lat, fix.lon),
  ];
  return (
    <>
      <span role="rowheader">
        <button
          type="button"
          id={rowId(trackerId)}
          className={styles['name']}
          tabIndex={isTabStop ? 0 : -1}
          onFocus={() => onFocus(trackerId)}
          onClick={(event) => {
            event.stopPropagation();
            onSelect(trackerId);
          }}
        >
          <bdi>{tracker.name}</bdi>
        </button>
      </span>
      <span role="cell" className={styles['state']}>
        {alert === undefined ? (
          <StateGlyph state={state} headingDeg={fix?.headingDeg ?? null} />
        ) : (
          <SeverityGlyph severity={alert.severity} size={20} />
        )}
        {alert === undefined ? stateWord(tracker, asOfMs) : alert.word}
      </span>
      {cells.map((cell, i) => (
        // the columns are fixed: their place is their identity
        <span key={i} role="cell" title={i === 2 && fix !== null ? formatExact(fix.fixMs) : cell}>
          {cell}
        </span>
      ))}
    </>
  );
});
