import { CloudOff, RadioTower, SearchX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { usePlaces } from '../../hooks/use-places.ts';
import { useLiveValue } from '../../live/live-context.ts';
import type { RowSort } from '../../live/row-order.ts';
import { NO_FILTER } from '../../live/tracker-filter.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { FilterField, type FilterFieldProps, ROWS_ID } from './filter-field.tsx';
import { GroupMenu } from './group-menu.tsx';
import { TrackerRow } from './tracker-row.tsx';
import { useRovingRows } from './use-roving.ts';
import styles from './tracker-list.module.css';

const ROW_PX = 46;
const SKELETON_ROWS = 9;
const text = messages.trackers;

export interface TrackerListProps extends FilterFieldProps {
  readonly total: number;
  /** Of the table; the list is always by name. */
  readonly sort: RowSort;
  readonly onSort: (sort: RowSort) => void;
  readonly selectedId: number | null;
  /** The list of names did not load; live positions may still come. */
  readonly failed: boolean;
  readonly onRetry: () => void;
}

/** Heading, filter and the rows. Only the rows in sight exist, so ten thousand cost what thirty do. */
export function TrackerList(props: TrackerListProps) {
  const { ids, total } = props;
  return (
    <>
      <div className={styles['heading']}>
        <h2>{text.title}</h2>
        <span className={styles['count']}>
          {ids.length === total
            ? messages.counted(total)
            : `${messages.counted(ids.length)} / ${messages.counted(total)}`}
        </span>
        <GroupMenu {...props} />
      </div>
      <div className={styles['field']}>
        <FilterField {...props} />
      </div>
      <Rows {...props} />
    </>
  );
}

function Rows(props: TrackerListProps) {
  const { ids, total, failed, onRetry, onFilter } = props;
  const loaded = useLiveValue((snapshot) => snapshot.loaded);
  if (ids.length > 0) return <VirtualRows {...props} />;
  if (total > 0) {
    return (
      <StateMessage icon={SearchX} title={text.noMatchTitle} text={text.noMatchText}>
        <Button onClick={() => onFilter(NO_FILTER)}>{text.showAll}</Button>
      </StateMessage>
    );
  }
  if (failed) {
    return (
      <StateMessage icon={CloudOff} title={text.failedTitle} text={text.failedText}>
        <Button onClick={onRetry}>{text.tryAgain}</Button>
      </StateMessage>
    );
  }
  if (!loaded) return <Skeleton rows={SKELETON_ROWS} label={text.title} />;
  return <StateMessage icon={RadioTower} title={text.emptyTitle} text={text.emptyText} />;
}

function VirtualRows({ ids, selectedId, onSelect, roving, searchRef }: TrackerListProps) {
  const places = usePlaces();
  const { scrollRef, rows, onKeyDown } = useRovingRows({ ids, roving, rowPx: ROW_PX, searchRef });

  const selectedIndex = selectedId === null ? -1 : ids.indexOf(selectedId);
  const heightPx = rows.scrollRect?.height ?? 0;
  // the selection stays in sight while the list fills and gives room, until somebody scrolls it
  const isTouched = useRef(false);
  const onTouch = (): void => {
    isTouched.current = true;
  };
  useEffect(() => {
    isTouched.current = false;
  }, [selectedId]);
  useEffect(() => {
    if (selectedIndex < 0 || isTouched.current) return;
    rows.scrollToIndex(selectedIndex, { align: 'auto' });
    // `rows` is new with every scroll
  }, [selectedId, selectedIndex, ids.length, heightPx]);

  return (
    <div
      ref={scrollRef}
      className={styles['scroll']}
      onWheel={onTouch}
      onPointerDown={onTouch}
      onKeyDown={onTouch}
    >
      <ul
        role="list"
        id={ROWS_ID}
        aria-label={text.title}
        className={styles['rows']}
        style={{ blockSize: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {rows.getVirtualItems().map((item) => {
          const trackerId = ids[item.index];
          if (trackerId === undefined) return null;
          const isTabStop = item.index === roving.index;
          return (
            <li
              key={item.key}
              aria-setsize={ids.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <TrackerRow
                trackerId={trackerId}
                selected={trackerId === selectedId}
                isTabStop={isTabStop}
                isMarked={isTabStop && roving.isMarked}
                places={places}
                onSelect={onSelect}
                onFocus={roving.moveTo}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
